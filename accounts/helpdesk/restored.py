"""What must happen to a database that came back from a backup, before anybody uses it (F32)."""

from dataclasses import dataclass

from django.db import transaction

from accounts.events import Event
from accounts.models import Code, Session
from portal.audit.record import record
from portal.outbox.held import hold_all


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How many sessions and codes ended, and how many messages are held back."""

    sessions: int
    codes: int
    held: int


@transaction.atomic
def after_restore() -> Ended:
    """End what was ended since the backup for all we know: every session and code; hold back what was perhaps sent. May be run twice."""
    sessions, codes = Session.objects.all().delete()[0], Code.objects.all().delete()[0]
    ended = Ended(sessions=sessions, codes=codes, held=hold_all())
    record(Event.DATABASE_RESTORED, sessions=ended.sessions, codes=ended.codes, messages=ended.held)
    return ended
