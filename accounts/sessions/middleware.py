"""Idle and absolute limits of a signed-in session (P18)."""

from collections.abc import Callable

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse

from portal import clock, limits

STARTED = "started"
SEEN = "seen"
STAFF = "staff"
TIMED_OUT = "timed_out"
_TOUCH_SECONDS = 60


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
        return self.get_response(request)


def outlived(session: SessionBase, now: float) -> bool:
    """Say whether a signed-in session is past its idle or absolute limit at `now` (epoch seconds)."""
    minutes = limits.P18_STAFF_IDLE_MINUTES if session.get(STAFF) else limits.P18_IDLE_MINUTES
    idle = float(now - session.get(SEEN, 0))
    return idle > minutes * 60 or now - session.get(STARTED, 0) > limits.P18_ABSOLUTE_HOURS * 3600
