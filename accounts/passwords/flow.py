"""Change a password: the deed (MFA-3)."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.events import Event
from accounts.models import User
from accounts.passwords.rules import check_new_password
from accounts.sessions.ending import end_sessions
from portal import clock
from portal.audit.record import record
from portal.outbox.put import put


def own_words(user: User) -> tuple[str, ...]:
    """Return the words of a person's own that may not stand in their password."""
    return (user.first_name, user.last_name, user.email.partition("@")[0])


@transaction.atomic
def change_password(*, user: User, session: SessionBase, password: str) -> None:
    """Give a signed-in person, who has just confirmed who they are, a new password; the other sessions end and they are told.

    Raises `BadPassword`.
    """
    check_new_password(password, own_words=own_words(user))
    replace_password(user=user, password=password)
    end_sessions(user, but=session)
    record(Event.PASSWORD_CHANGED, actor=user, subject=user)


def replace_password(*, user: User, password: str) -> None:
    """Store a checked password and tell the person. Part of a caller's transaction."""
    user.set_password(password)
    user.save(update_fields=["password", "password_changed_at"])
    put(
        "password_changed",
        to=user.email,
        language=user.language,
        context={"name": user.full_name, "changed_at": clock.now().isoformat()},
        about=f"person:{user.pk}",
    )
