"""The page "Who can do what": for everybody, like the rest of Help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from permissions.guards import public
from permissions.roles import Role
from permissions.who_can import table


@public
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Show both tables; every cell is text."""
    return render(request, "permissions/who_can.html", {"roles": list(Role), "services": table.services(), "people": table.people()})
