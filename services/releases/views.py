"""The one page of the gate: saying that the embargo notice has been read."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from accounts.signin.paths import local_path
from permissions.guards import needs
from permissions.request import CentreRequest
from services.releases.looking import EMBARGO, accept_notice


@needs(*EMBARGO)
@require_POST
def accept(request: CentreRequest) -> HttpResponse:
    """Note it and go on to where the notice stood in the way."""
    accept_notice(request)
    return redirect(local_path(request.POST.get("next", "")) or "results-embargoed")
