"""Marked scripts of the centre's candidates."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.VIEW_SCRIPTS, Level.VIEW)
@require_safe
def scripts(request: HttpRequest) -> HttpResponse:
    """Show the centre's marked scripts."""
    return service_page(request, "scripts")
