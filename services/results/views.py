"""Candidate results: released ones, and under embargo for those who may see them before."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.RESULTS, Level.VIEW_RELEASED)
@require_safe
def released(request: HttpRequest) -> HttpResponse:
    """Show results from 08:00 on results day, and the results file."""
    return service_page(request, "results")


@needs(Service.RESULTS, Level.VIEW_EMBARGOED)
@require_safe
def embargoed(request: HttpRequest) -> HttpResponse:
    """Show results from the restricted release: Exams Officer and Admins only."""
    return service_page(request, "results-embargoed")
