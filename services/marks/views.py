"""Internal assessment marks (IAMIS)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from permissions.guards import needs
from permissions.levels import Level, Service
from services.page import service_page


@needs(Service.IAMIS, Level.ENTER_MARKS)
@require_safe
def marks(request: HttpRequest) -> HttpResponse:
    """Input internal assessment marks."""
    return service_page(request, "marks")
