"""Exam entries: viewing them and making them are two rights."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.ENTRIES, Level.VIEW)
@require_safe
def view_entries(request: HttpRequest) -> HttpResponse:
    """Show the centre's entries."""
    return service_page(request, "entries")


@needs(Service.ENTRIES, Level.MAKE)
@require_safe
def make_entries(request: HttpRequest) -> HttpResponse:
    """Make, amend and withdraw entries: Exams Officer and Admins only."""
    return service_page(request, "entries-make")
