"""End sessions: at once, by deleting their rows. A request that still holds one cannot save it again (Django updates, never re-inserts)."""

from accounts.models import Session, User


def end_sessions(user: User, *, but: str | None = None) -> int:
    """End all sessions of a person, half-finished sign-ins too, except the one with key `but`. Returns how many ended."""
    sessions = Session.objects.filter(user=user)
    if but is not None:
        sessions = sessions.exclude(session_key=but)
    return sessions.delete()[0]
