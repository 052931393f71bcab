"""What the session remembers of a sign-in under way, and for how long (P18: ten minutes)."""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.sessions.backends.base import SessionBase

from accounts.models.session import PENDING_PERSON
from portal import clock, limits

_KEY = "sign_in"


@dataclass
class SignIn:
    """A sign-in under way. `person` or `invitation` (ids as text) is set once a password was right, never both.

    `way` is the method chosen instead of the preferred one, `tries` how many wrong codes this sign-in has had, `proved` the method that was
    proved while a stronger one must still be set up (MFA-5).
    """

    email: str
    at: float
    next: str = ""
    person: str = ""
    invitation: str = ""
    way: str = ""
    tries: int = 0
    proved: str = ""


def read(session: SessionBase) -> SignIn | None:
    """Return the sign-in under way, or None when there is none or its ten minutes are over."""
    stored: dict[str, Any] | None = session.get(_KEY)
    if stored is None:
        return None
    state = SignIn(**stored)
    if clock.now().timestamp() - state.at > limits.P18_HALF_SIGNED_IN_MINUTES * 60:
        forget(session)
        return None
    return state


def write(session: SessionBase, state: SignIn) -> None:
    """Keep a sign-in under way in the session."""
    session[_KEY] = asdict(state)
    if state.person:
        session[PENDING_PERSON] = state.person
    else:
        session.pop(PENDING_PERSON, None)


def forget(session: SessionBase) -> None:
    """Drop the sign-in under way (A46: nothing of it may help somebody else)."""
    session.pop(_KEY, None)
    session.pop(PENDING_PERSON, None)
