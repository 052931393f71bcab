"""Idle and absolute limits of a signed-in session (P18), a new id when the person's part at a centre changed, the mark of a known browser."""

from collections.abc import Callable
from typing import Final

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from accounts.models.session import STARTED
from accounts.sessions import known
from portal import clock, limits

SEEN = "seen"
STAFF = "staff"
TIMED_OUT = "timed_out"
_STANDING: Final = "standing"
_TOUCH_SECONDS: Final = 60


class SessionLifeMiddleware:
    """End a session that was idle too long or is too old; note "last seen" at most once a minute, so that most requests write nothing."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Check the limits before anything else looks at who is asking."""
        session = request.session
        if SESSION_KEY in session:
            now = clock.now().timestamp()
            if outlived(session, now):
                session.flush()
                request.user = AnonymousUser()
                session[TIMED_OUT] = True
            elif now - session.get(SEEN, 0) > _TOUCH_SECONDS:
                session[SEEN] = now
        response = self.get_response(request)
        _renew_when_promoted(request)
        known.put_mark(request, response)
        return response


def outlived(session: SessionBase, now: float) -> bool:
    """Say whether a signed-in session is past its idle or absolute limit at `now` (epoch seconds)."""
    minutes = limits.P18_STAFF_IDLE_MINUTES if session.get(STAFF) else limits.P18_IDLE_MINUTES
    idle = float(now - session.get(SEEN, 0))
    return idle > minutes * 60 or now - session.get(STARTED, 0) > limits.P18_ABSOLUTE_HOURS * 3600


def _renew_when_promoted(request: HttpRequest) -> None:
    """Give the session a new id once its person's type of account is another than before (issue: new id at role gain).

    Only a request that asked for the membership knows; the first note is written along with "last seen", never by itself.
    """
    place = request.__dict__.get("membership")
    session = request.session
    if place is None or SESSION_KEY not in session:
        return
    standing = f"{place.pk}:{place.role}"
    before = session.get(_STANDING)
    if before == standing or (before is None and not session.modified):
        return
    session[_STANDING] = standing
    if before is not None:
        session.cycle_key()
