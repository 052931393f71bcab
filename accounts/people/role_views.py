"""Change account type: a User becomes an Admin or an Admin a User, on a page that says what that means."""

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.views import reader_of, row_or_404
from permissions.guards import manages_people
from permissions.membership.refusals import NoAdminSeat, NotYoursToChange
from permissions.membership.role import change_role
from permissions.policy import ceiling, default_rights, givable, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.words import in_table_order, label

if TYPE_CHECKING:
    from permissions.request import CentreRequest


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def role_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what the other type may open and do, and change to it after a press. The form names the type, so that a second press changes nothing."""
    row = row_or_404(request, pk)
    if not row.may_delete:
        raise PermissionDenied
    before = Role(row.place.role)
    if request.method == "POST":
        if request.POST.get("role") not in {Role.ADMIN.value, Role.USER.value}:
            raise BadRequest
        try:
            change_role(actor=reader_of(request), membership=row.place, role=Role(request.POST["role"]))
        except NotYoursToChange as refusal:
            raise PermissionDenied from refusal
        except NoAdminSeat as refusal:
            messages.error(request, f"{refusal}. {refusal.hint}")
        else:
            messages.success(request, _("Account type changed: %(name)s") % {"name": row.name})
        return redirect("manage-user", pk)
    role = Role.USER if before is Role.ADMIN else Role.ADMIN
    held, own = valid_rights(before, holdings(row.place), today()), cast("CentreRequest", request).rights
    gained = (default_rights(role) & givable(Role(reader_of(request).role), own, role)) - held if role is Role.ADMIN else frozenset()
    context = {
        "row": row,
        "role": role,
        "gained": [label(right) for right in in_table_order(gained)],
        "lost": [label(right) for right in in_table_order(held - ceiling(role))],
    }
    return render(request, "accounts/people/role.html", context)
