"""Keys with which a centre's own software exchanges files with us (Centre Administration > General > A2C Access Keys)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.A2C_KEYS, Level.MANAGE)
@require_safe
def a2c_keys(request: HttpRequest) -> HttpResponse:
    """Show the centre's A2C keys: Exams Officer and Admins only."""
    return service_page(request, "a2c-keys")
