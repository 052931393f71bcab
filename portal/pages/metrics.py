"""`/metrics` in the text format of Prometheus: for our own machines and for whoever holds METRICS_TOKEN. There is nothing for anybody else (A140)."""

from collections.abc import Iterator, Sequence
from hmac import compare_digest
from ipaddress import ip_address, ip_network
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.views.decorators.csrf import csrf_exempt

from portal import clock
from portal.outbox.figures import Figures, figures

_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_PASSED_ON: Final = ("X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Forwarded", "Via")
"""Any of these says that a proxy stands between: then the nearest address tells nothing about who asks."""


@csrf_exempt
@login_not_required
def metrics(request: HttpRequest) -> HttpResponse:
    """Tell how the post is doing. 404 for strangers, whatever the method; 503 while the database does not answer."""
    if not (_from_inside(request) or _holds_the_token(request)):
        request.resolver_match = None  # the very page of an address that does not exist
        raise Http404
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    try:
        text = "".join(f"{line}\n" for line in lines(figures(), clock.skew().total_seconds()))
    except DatabaseError:
        return HttpResponse("not ready\n", status=503, content_type=_TYPE)
    return HttpResponse(text, content_type=_TYPE)


def lines(now: Figures, skew: float) -> Iterator[str]:
    """Yield the lines of the exposition: gauges only, every label always there, so that an alarm never misses one."""
    queues = [(f'queue="{one.queue.value}"', one) for one in now.queues]
    channels = [(f'channel="{one.channel.value}"', one) for one in now.channels]
    ended = [(f'{labels},state="{state.value}"', count) for labels, one in channels for state, count in one.ended.items()]
    for name, meaning, values in (
        ("portal_outbox_waiting", "Messages not yet sent", [(labels, one.waiting) for labels, one in queues]),
        ("portal_outbox_due", "Messages that could leave now", [(labels, one.due) for labels, one in queues]),
        (
            "portal_outbox_oldest_due_seconds",
            "How long the oldest has been due",
            [(labels, one.oldest_due_seconds) for labels, one in queues],
        ),
        ("portal_outbox_sent_last_hour", "Messages that left", [(labels, one.sent_last_hour) for labels, one in channels]),
        ("portal_outbox_ended_last_day", "Messages written in the last day, by what became of them", ended),
        ("portal_outbox_held", "Messages held back after a restore", [("", now.held)]),
        ("portal_workers_alive", "Workers that showed a sign of life in the last minute", [("", now.workers)]),
        ("portal_timetable_seconds", "Since the timetable last ran, -1 for never", [("", now.timetable_seconds)]),
        ("portal_webhook_events_last_day", "What providers told", [(f'event="{one.value}"', count) for one, count in now.events.items()]),
        ("portal_clock_skew_seconds", "How far this web server's clock is off the database's", [("", round(skew, 1))]),
        ("portal_webhook_events_unmatched_last_day", "Events about messages we do not know", [("", now.unmatched)]),
    ):
        yield from _gauge(name, meaning, values)


def _gauge(name: str, meaning: str, values: Sequence[tuple[str, float]]) -> Iterator[str]:
    yield f"# HELP {name} {meaning}."
    yield f"# TYPE {name} gauge"
    for labels, value in values:
        yield f"{name}{{{labels}}} {value}" if labels else f"{name} {value}"


def _from_inside(request: HttpRequest) -> bool:
    """Say whether this machine or one of TRUSTED_PROXIES asks for itself, not for somebody behind it."""
    if any(name in request.headers for name in _PASSED_ON):
        return False
    try:
        address = ip_address(request.META.get("REMOTE_ADDR", ""))
    except ValueError:
        return False
    return address.is_loopback or any(address in ip_network(network) for network in settings.TRUSTED_PROXIES)


def _holds_the_token(request: HttpRequest) -> bool:
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    given = token.strip().encode("utf-8", "replace")
    matches = [compare_digest(given, known.encode()) for known in settings.METRICS_TOKENS]
    return scheme.lower() == "bearer" and any(matches)
