"""End sessions: at once, by deleting their rows. A request that still holds one cannot save it again (Django updates, never re-inserts)."""

from django.contrib.sessions.backends.base import SessionBase

from accounts.models import Session, User
from accounts.sessions.store import SessionStore


def end_sessions(user: User, *, but: SessionBase | None = None) -> int:
    """End all sessions of a person, half-finished sign-ins too, except the one that asks (`but`). Returns how many ended."""
    sessions = Session.objects.filter(user=user)
    if isinstance(but, SessionStore):
        sessions = sessions.exclude(session_key=but.stored_key)
    return sessions.delete()[0]
