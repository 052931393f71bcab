"""Applications for access arrangements: special-category data of the whole centre."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.ACCESS_ARRANGEMENTS, Level.MANAGE)
@require_safe
def arrangements(request: HttpRequest) -> HttpResponse:
    """Show the centre's applications."""
    return service_page(request, "arrangements")
