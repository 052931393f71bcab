"""Past papers, marking schemes and subject-specific support material, for every account."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.RESOURCES, Level.VIEW)
@require_safe
def past_papers(request: HttpRequest) -> HttpResponse:
    """Show past papers and marking schemes."""
    return service_page(request, "past-papers")
