"""The centre's audit trail: list, one event, and the CSV file (AUD)."""

from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permissions.guards import manages_people
from permissions.levels import Level, Service
from permissions.request import CentreRequest
from permissions.scope import today
from permissions.trail import flow
from permissions.trail.forms import TrailForm
from permissions.trail.queries import Filters, Reader, event_of, kinds_of, page_of
from permissions.trail.words import details_of, in_one_line
from portal import clock, limits
from portal.audit.kinds import sentence_of
from portal.web.sealed import seal, unseal
from portal.web.spreadsheet import csv_answer

_PURPOSE: Final = "trail-search"
_EARLY: Final = (Service.RESULTS, Level.VIEW_EMBARGOED)
_LARGEST_ID: Final = 2**63 - 1


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def trail(request: CentreRequest) -> HttpResponse:
    """Show the trail. "Apply filters" posts and comes back by GET, the name as a sealed word: no name stands in a URL."""
    reader = _reader(request)
    kinds = kinds_of(reader)
    if request.method == "POST":
        return redirect(_address(TrailForm(request.POST, kinds=kinds).filters()))
    asked = {name: request.GET.get(name, "") for name in ("who", "kind", "first_day", "last_day")}
    asked["person"] = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    filters = TrailForm(asked, kinds=kinds).filters()
    page = page_of(reader, filters, request.GET.get("before", ""))
    base = _address(filters)
    context = {
        "filter_form": TrailForm(initial=asked, kinds=kinds),
        "narrow": filters != Filters(),
        "rows": [(event, sentence_of(event.number)) for event in page.events],
        "newest": base if "before" in request.GET else "",
        "older": base + ("&" if "?" in base else "?") + urlencode({"before": page.older}) if page.older else "",
        "most": limits.AUD_EXPORT_ROWS,
    }
    return render(request, "permissions/trail/list.html", context)


@manages_people
@never_cache
@require_safe
def event_page(request: CentreRequest, pk: int) -> HttpResponse:
    """Show one event with its details."""
    event = event_of(_reader(request), pk) if pk <= _LARGEST_ID else None
    if event is None:
        raise Http404
    return render(
        request, "permissions/trail/event.html", {"event": event, "what": sentence_of(event.number), "details": details_of(event)}
    )


@manages_people
@never_cache
@require_POST
def export(request: CentreRequest) -> HttpResponse:
    """Answer with the chosen events as a CSV file in the page's language, and leave an event."""
    if request.membership is None:
        raise Http404
    reader = _reader(request)
    filters = TrailForm(request.POST, kinds=kinds_of(reader)).filters()
    rows = flow.export(actor=request.membership, reader=reader, filters=filters)
    header = [_("When (UK time)"), _("Event"), _("Done by"), _("Affected user"), _("IP address"), _("Browser"), _("Details")]
    name = f"audit-trail-{request.membership.centre.number}-{today().isoformat()}.csv"
    lines = (
        [
            f"{clock.london(event.at):%Y-%m-%d %H:%M:%S}",
            sentence_of(event.number),
            event.actor_name,
            event.subject_name,
            event.address,
            event.browser,
            in_one_line(event),
        ]
        for event in rows
    )
    return csv_answer(name=name, header=header, rows=lines)


def _reader(request: CentreRequest) -> Reader:
    """Return who asks; the guard has seen to it that there is a centre."""
    if request.membership is None:
        raise Http404
    return Reader(request.membership.centre, early=_EARLY in request.rights)


def _address(filters: Filters) -> str:
    """Return the trail's address with its filters; a name is sealed."""
    days = {name: day.isoformat() for name, day in (("first_day", filters.first_day), ("last_day", filters.last_day)) if day}
    words = {"who": filters.who, "kind": filters.kind, "find": seal(filters.person, purpose=_PURPOSE)}
    query = {name: value for name, value in (words | days).items() if value}
    return reverse("trail") + (f"?{urlencode(query)}" if query else "")
