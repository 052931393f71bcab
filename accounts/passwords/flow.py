"""Change a password: the deed (MFA-3)."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.events import Event
from accounts.models import User
from accounts.notices import send
from accounts.passwords.rules import check_new_password
from accounts.sessions import known
from accounts.sessions.ending import end_sessions
from portal.audit.record import record


def own_words(user: User) -> tuple[str, ...]:
    """Return the words of a person's own that may not stand in their password."""
    return (user.first_name, user.last_name, user.email.partition("@")[0])


def centre_words(user: User) -> tuple[str, ...]:
    """Return names and numbers of the person's centres, which may not be all there is in their password (P3)."""
    centres = user.memberships.values_list("centre__name", "centre__number")
    return tuple(word for centre in centres for word in centre)


@transaction.atomic
def change_password(*, user: User, session: SessionBase, password: str) -> None:
    """Give a signed-in person, who has just confirmed who they are, a new password; the other sessions end and they are told.

    Raises `BadPassword`.
    """
    check_new_password(password, own_words=own_words(user), centre_words=centre_words(user))
    replace_password(user=user, password=password)
    end_sessions(user, but=session)
    known.forget(user)
    record(Event.PASSWORD_CHANGED, actor=user, subject=user)


def replace_password(*, user: User, password: str) -> None:
    """Store a checked password and tell the person. Part of a caller's transaction."""
    user.set_password(password)
    user.save(update_fields=["password", "password_changed_at"])
    send.password_changed(user)
