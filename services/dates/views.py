"""Key dates as a page, the address of one's calendar, and the calendar itself, which a program reads without signing in."""

from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from permissions.guards import needs, public
from permissions.request import CentreRequest
from portal import clock, limits
from portal.ratelimit.allow import Ask, take
from portal.web.downloads import attachment
from services.dates.feed import RIGHT, address_of, calendar_of
from services.dates.flow import calendar_at, make_calendar, revoke_calendar
from services.dates.ics import calendar as written
from services.dates.queries import dates
from services.releases.looking import place_of

_HOUR: Final = 3600


@needs(*RIGHT)
@require_safe
def key_dates(request: CentreRequest) -> HttpResponse:
    """List what is to come, and show the address of the person's calendar if they made one."""
    mine = calendar_at(place_of(request))
    context: dict[str, Any] = {"dates": dates(), "address": address_of(mine) if mine else ""}
    return render(request, "services/dates/dates.html", context)


@needs(*RIGHT)
@require_POST
def make(request: CentreRequest) -> HttpResponse:
    """Make the address."""
    make_calendar(actor=place_of(request))
    messages.success(request, _("Calendar address made"))
    return redirect("key-dates")


@needs(*RIGHT)
@require_POST
def revoke(request: CentreRequest) -> HttpResponse:
    """End the address."""
    if revoke_calendar(actor=place_of(request)):
        messages.success(request, _("Calendar address revoked. Programs that read it get nothing from now on"))
    return redirect("key-dates")


@public
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Answer with the calendar that the word in the address opens; any other word is answered as a page that never was."""
    key = request.GET.get("key", "")
    if not key:
        return redirect("key-dates")
    found = calendar_of(key)
    if found is None:
        raise Http404
    if take(Ask("calendar", str(found.pk), [(limits.SVC9_FEED_READS_PER_HOUR, _HOUR)])) is None:
        return HttpResponse(status=429, headers={"Retry-After": str(_HOUR)})
    with override(found.membership.user.language if found.membership.user else None):
        entries = dates(past_days=limits.SVC9_FEED_PAST_DAYS)
        name = _("Portal: key dates")
    host = urlsplit(settings.PORTAL_BASE_URL).hostname or "portal"
    return attachment(written(name=name, host=host, dates=entries, now=clock.database_now()), stem="portal", extension="ics")
