"""Show what was sent. Included in the addresses only in demonstrations (portal.urls)."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from portal.outbox.models import Channel, DemoCopy
from portal.outbox.samples import samples

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
    return _as_a_mail_program(get_object_or_404(DemoCopy, pk=pk).html)


@login_not_required
@require_GET
def gallery(request: HttpRequest) -> HttpResponse:
    """Show a sample of every kind of message in each language it is sent in, for whoever reviews the words."""
    shown = [(sample, [(language, sample.letter(language)) for language in sample.languages]) for sample in samples()]
    return render(request, "portal/gallery.html", {"shown": shown})


@login_not_required
@require_GET
def gallery_html(request: HttpRequest, kind: str, number: int, language: str) -> HttpResponse:  # noqa: ARG001
    """Show the HTML part of one sample."""
    wanted = (kind, number, Channel.EMAIL)
    sample = next((one for one in samples() if (one.kind, one.number, one.channel) == wanted and language in one.languages), None)
    if sample is None:
        raise Http404
    return _as_a_mail_program(sample.letter(language).html)


def _as_a_mail_program(html: str) -> HttpResponse:
    answer = HttpResponse(html)
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'; style-src 'unsafe-inline'"
    return answer
