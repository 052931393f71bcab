"""What happened to an account lately, for its owner's eyes (ui.md 3.5): to recognise it, or to find somebody else in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from accounts.models import User
from accounts.sessions.browsers import in_words
from portal import clock
from portal.audit.kinds import sentence_of
from portal.audit.models import AuditEvent

DAYS: Final = 30
_MOST: Final = 20
_ACCOUNTS: Final = (200, 299)


@dataclass(frozen=True)
class Happening:
    """One line: when, what, and in which browser. `by_another` marks what a colleague or the help desk did; their browser is not shown."""

    at: datetime
    what: str
    browser: str
    by_another: bool


def recent_activity(person: User) -> list[Happening]:
    """Return the newest happenings of 30 days around a person's own account, in the present language. One query.

    What they did to others (invites, say) is not among them: an Exams Officer's busy day would hide the sign-in that was not theirs.
    """
    own = str(person.pk)
    events = AuditEvent.objects.filter(
        Q(subject_id=own) | Q(actor_id=own, subject_id=""),
        at__gte=clock.now() - timedelta(days=DAYS),
        number__range=_ACCOUNTS,
    )
    return [_happening(event, own) for event in events.order_by("-at", "-pk")[:_MOST]]


def _happening(event: AuditEvent, own: str) -> Happening:
    by_another = event.actor_id not in {own, ""}
    return Happening(event.at, sentence_of(event.number), "" if by_another else in_words(event.browser), by_another)
