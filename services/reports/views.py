"""Reports on results: grade boundaries and item level data. They need the right to view results."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.RESULTS, Level.VIEW_RELEASED)
@require_safe
def grade_boundaries(request: HttpRequest) -> HttpResponse:
    """Show grade boundaries."""
    return service_page(request, "grade-boundaries")


@needs(Service.RESULTS, Level.VIEW_RELEASED)
@require_safe
def item_level_data(request: HttpRequest) -> HttpResponse:
    """Show marks for each question."""
    return service_page(request, "item-level-data")
