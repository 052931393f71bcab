"""The doors for providers. They need no session and no token: the signature, or the provider's password, says who asks (A148)."""

import logging
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from portal import clock, limits
from portal.audit.record import record
from portal.outbox.webhooks.events import Event
from portal.outbox.webhooks.flow import note
from portal.outbox.webhooks.reading import Unreadable, reports_in
from portal.outbox.webhooks.signature import authentic
from portal.ratelimit import allow
from portal.web import origin
from portal.web.body import announces_more_than

log = logging.getLogger(__name__)
_WINDOW: Final = limits.A148_WEBHOOK_MINUTES * 60
_ONCE: Final = (1, 2 * _WINDOW + 1)
"""A signature counts once: it may come so long before its time and so long after."""


@csrf_exempt
@login_not_required
@require_POST
def messages(request: HttpRequest) -> HttpResponse:
    """Take events in our own format. 200 when they are kept (known ones too), 400 for a stranger or a replay, 413 for too much."""
    if announces_more_than(request, limits.P21_FORM_BYTES):
        return _refuse("too big", 413)
    body, signature = request.body, request.headers.get("Portal-Signature", "")
    if not authentic(
        secrets=settings.WEBHOOK_SECRETS,
        timestamp=request.headers.get("Portal-Timestamp", ""),
        signature=signature,
        body=body,
        now=clock.now().timestamp(),
        seconds=_WINDOW,
    ):
        return _refuse("signature", 400)
    try:
        reports = reports_in(body)
    except Unreadable:
        return _refuse("format", 400)
    if not allow.peek("webhook-signature", signature, _ONCE):
        return _refuse("replay", 400)
    # Each event is a transaction of its own: two requests that hold each other's events would wait for ever. The signature is used up once
    # all are kept, so that one that failed in the middle may come again as it stands.
    new = sum(note(report) for report in reports)
    allow.spend("webhook-signature", signature, _ONCE)
    return JsonResponse({"events": len(reports), "new": new})


@csrf_exempt
@login_not_required
@require_POST
def provider(request: HttpRequest, view: str) -> HttpResponse:
    """Let django-anymail's view read the configured provider's own format. `view` is its path; it comes from our addresses, not from outside."""
    if announces_more_than(request, limits.P21_FORM_BYTES):
        return _refuse("too big", 413)
    try:
        answer: HttpResponse = import_string(view).as_view()(request)
    except (SuspiciousOperation, RequestDataTooBig):
        return _refuse("password or signature", 400)
    except (ValueError, KeyError, TypeError, AttributeError):
        log.exception("an event of the provider cannot be read")
        return _refuse("format", 400)
    return answer


def _refuse(why: str, status: int) -> HttpResponse:
    """Answer the same few words for every reason; the trail holds the reason, ten times an hour for an address at most."""
    if allow.try_take("webhook-refused", origin.current().address, (limits.WEBHOOK_REFUSALS_KEPT_PER_HOUR, 3600)):
        record(Event.WEBHOOK_REFUSED, why=why)
    return HttpResponse("refused\n", status=status, content_type="text/plain; charset=utf-8")
