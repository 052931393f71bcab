"""Where somebody is signed in, for the security page (PRO-3), and the deeds that end it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.models import Session, User
from accounts.sessions.browsers import in_words
from accounts.sessions.ending import end_sessions
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.web import origin
from portal.web.refusal import Refusal


class NoSuchDevice(Refusal):
    """Not a session of this person, not any more, or the very one that asks."""

    message = _("That device is already signed out")


@dataclass(frozen=True)
class Device:
    """A browser in which somebody is signed in.

    `reference` names it in a form: a keyed digest, since the session's key itself would open the session. `near` says whether it was last
    seen at the address of whoever looks at the page, None if we do not know: more about places we cannot tell without a map of addresses.
    """

    reference: str
    browser: str
    this: bool
    near: bool | None
    seen_at: datetime | None


def devices_of(person: User, session: SessionBase) -> list[Device]:
    """Return the browsers in which a person is signed in: the one that asks first, then the last seen. One query."""
    here, own = origin.current().address, session.session_key
    devices = [
        Device(
            reference=_reference(row.session_key),
            browser=in_words(row.browser),
            this=row.session_key == own,
            near=row.address == here if row.address and here else None,
            seen_at=row.seen_at,
        )
        for row in _alive(person)
    ]
    return sorted(devices, key=lambda device: not device.this)


@transaction.atomic
def sign_out_device(*, person: User, session: SessionBase, reference: str) -> str:
    """End one other session of a person and return its browser in words. Raises `NoSuchDevice`."""
    rows = [row for row in _alive(person) if row.session_key != session.session_key]
    row = next((row for row in rows if compare_digest(_reference(row.session_key).encode(), reference.encode())), None)
    if row is None or not Session.objects.filter(pk=row.pk, user=person).delete()[0]:
        raise NoSuchDevice()
    record(Event.SESSIONS_ENDED, actor=person, subject=person, ended=1)
    return in_words(row.browser)


@transaction.atomic
def sign_out_others(*, person: User, session: SessionBase) -> int:
    """End all sessions of a person but the one that asks, half-finished sign-ins too. Returns how many ended."""
    ended = end_sessions(person, but=session)
    if ended:
        record(Event.SESSIONS_ENDED, actor=person, subject=person, ended=ended)
    return ended


def _alive(person: User) -> list[Session]:
    """Return the sessions that still open something: signed in, and neither idle nor old beyond P18."""
    now = clock.now()
    idle = limits.P18_STAFF_IDLE_MINUTES if person.is_staff else limits.P18_IDLE_MINUTES
    sessions = Session.objects.filter(
        user=person,
        expire_date__gt=now,
        seen_at__gte=now - timedelta(minutes=idle),
        signed_in_at__gte=now - timedelta(hours=limits.P18_ABSOLUTE_HOURS),
    )
    return list(sessions.order_by("-seen_at")[:20])


def _reference(session_key: str) -> str:
    return crypto.digest("session", session_key)
