"""Who looks, and how far: the one place where a look beyond an embargo comes from (SVC, release gate).

Under embargo: the right (which its guard has asked with a factor proved in the last 15 minutes), the notice accepted in this session for this
centre, and a web server whose clock agrees with the database's.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Concatenate, Final, ParamSpec, cast

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from permissions.guards import needs
from permissions.levels import Level, Right, Service
from permissions.models import Membership
from permissions.reasons import Reason
from permissions.refused import Forbidden
from permissions.request import CentreRequest
from portal import clock, limits
from portal.audit.record import record
from portal.pages.errors import unavailable
from services.releases.events import Event
from services.releases.gate import Look, Sight

if TYPE_CHECKING:
    from accounts.models import User

P = ParamSpec("P")
Page = Callable[Concatenate[CentreRequest, Look, P], HttpResponseBase]
View = Callable[Concatenate[CentreRequest, P], HttpResponseBase]

EMBARGO: Final[Right] = (Service.RESULTS, Level.VIEW_EMBARGOED)
_ACCEPTED: Final = "embargo_notice"
"""The session key with the place whose notice was accepted."""
_log: Final = logging.getLogger(__name__)


def released(right: Right) -> Callable[[Page[P]], View[P]]:
    """Turn a page into a view of what is released for everybody with a right."""

    def decorate(page: Page[P]) -> View[P]:
        @needs(*right)
        @wraps(page)
        def view(request: CentreRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            return page(request, Look(_place(request, right).centre, Sight.RELEASED), *args, **kwargs)

        return view

    return decorate


def embargoed(page: Page[P], *also: Right) -> View[P]:
    """Turn a page into a view from the restricted release on, for those who may see results under embargo; before that comes the notice.

    `also`: further rights that the thing itself asks for, as it does once it is out; they stand on the view as `also`.
    """

    @needs(*EMBARGO)
    @wraps(page)
    def view(request: CentreRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        place = _place(request, EMBARGO)
        for right in also:
            _place(request, right)
        if request.session.get(_ACCEPTED) != str(place.pk):
            reads = request.method in {"GET", "HEAD"}
            return render(request, "services/releases/notice.html", {"path": request.path}) if reads else redirect(request.path)
        if clock_is_off():
            return unavailable(request)
        return page(request, Look(place.centre, Sight.EMBARGOED), *args, **kwargs)

    view.also = also  # type: ignore[attr-defined]
    return view


@transaction.atomic
def accept_notice(request: CentreRequest) -> None:
    """Note that the person has read the notice, for this session and this centre."""
    place = _place(request, EMBARGO)
    request.session[_ACCEPTED] = str(place.pk)
    record(Event.EMBARGO_NOTICE_ACCEPTED, actor=place.user, subject=place.centre, centre=place.centre)


def place_of(request: CentreRequest) -> Membership:
    """Return the place of whoever looks, with the person in it; the view's guard has seen to it that there is one."""
    place = cast("Membership", request.membership)
    place.user = cast("User", request.user)  # known already: what notes them in the trail need not ask for them again
    return place


def _place(request: HttpRequest, right: Right) -> Membership:
    """Return the place of whoever asks. The guard has asked for the right already; a look is never made without."""
    centre_request = cast("CentreRequest", request)
    if centre_request.membership is None or right not in centre_request.rights:
        raise Forbidden(Reason.NOT_GIVEN, right)
    return centre_request.membership


def clock_is_off() -> bool:
    """Say whether the web server's clock cannot be trusted with "the last 15 minutes" (P22); the operator's log hears of it."""
    off = clock.skew().total_seconds()
    if off <= limits.P22_CLOCK_SKEW_SECONDS:
        return False
    _log.error("the clock of this machine is %.1f seconds off the database's: nothing under embargo is shown", off)
    return True
