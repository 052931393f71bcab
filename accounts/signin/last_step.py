"""The last step of a sign-in is one transaction, or none of it: whoever was deleted meanwhile is not let in half (MAN-2)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.contrib import messages
from django.contrib.auth import login
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.events import Event
from accounts.models import Factor, User
from accounts.models.session import STARTED
from accounts.notices import send
from accounts.sessions import known
from accounts.sessions import middleware as life
from accounts.sessions.store import SessionStore, count_of
from accounts.signin.refusals import SignInOver
from permissions.freshness import PROVED_AT
from portal import clock, limits
from portal.audit.record import record

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_RECOVERY: Final = "recovery"


def let_in(request: HttpRequest, person: User, factor: Factor | None) -> None:
    """Mark the session as theirs, remember the browser, and record it: all of it or nothing. Raises `SignInOver`."""
    with _or_over(person):
        _let_in(request, person, factor)


def _let_in(request: HttpRequest, person: User, factor: Factor | None) -> None:
    session = request.session
    first = person.last_login is None
    login(request, person, backend=_BACKEND)
    now = clock.now()
    session["proved_method"] = factor.method if factor else _RECOVERY
    if factor is not None:
        session[DEVICE_ID_SESSION_KEY] = factor.persistent_id
    # A number changed a moment ago lets its owner in but proves nothing afresh (A155).
    session[PROVED_AT] = now.timestamp() if factor is None or factor.trusted(now) else 0
    session[STARTED] = session[life.SEEN] = now.timestamp()
    session[life.STAFF] = person.is_staff
    _end_the_oldest(request, person)
    if not known.remember(request=request, user=person) and not first:
        send.new_sign_in(person)
    record(Event.SIGNED_IN, actor=person, subject=person, method=factor.method if factor else _RECOVERY)


@contextmanager
def _or_over(person: User) -> Iterator[None]:
    """Do what follows in one transaction; the first write to the person holds them until it ends."""
    try:
        with transaction.atomic():
            yield
    except DatabaseError as error:
        if User.objects.filter(pk=person.pk).exists():
            raise
        raise SignInOver() from error


def _end_the_oldest(request: HttpRequest, person: User) -> None:
    """Let the store end the oldest sessions beyond five (P20), and say so to whoever signs in now."""
    rows, signed_in = count_of(person)
    if isinstance(request.session, SessionStore):
        request.session.trim_after_save = rows >= limits.P20_PARALLEL_SESSIONS
    if signed_in >= limits.P20_PARALLEL_SESSIONS:
        record(Event.OLDEST_SESSION_ENDED, actor=person, subject=person)
        messages.info(request, _("You were signed in at 5 other places, so we have signed you out of the oldest one"))
