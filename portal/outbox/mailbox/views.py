"""Show what was sent. Included in the addresses only in demonstrations (portal.urls)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from portal.outbox.models import DemoCopy

_MOST = 100


@login_not_required
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    """List the newest messages with their text."""
    return render(request, "portal/mailbox.html", {"messages_sent": DemoCopy.objects.all()[:_MOST]})


@login_not_required
@require_GET
def html_part(request: HttpRequest, pk: int) -> HttpResponse:  # noqa: ARG001
    """Show the HTML part as a mail program would: no script, no link to our session."""
    answer = HttpResponse(get_object_or_404(DemoCopy, pk=pk).html)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer
