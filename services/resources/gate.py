"""Which papers somebody may see now: a condition for a query, judged by the clock of the database that answers it (SVC-8).

What is general is everybody's from its instant on. Before that, a question paper exists only from 60 minutes before its start, for the Exams
Officer and the Admins of a centre that has a matching entry, and only once a second member of staff has confirmed its times.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import Now

from permissions.models import Centre
from portal import limits
from services.exams.models import Entry

_NOW: Final[Any] = Now()
_AHEAD: Final[Any] = ExpressionWrapper(Now() + timedelta(minutes=limits.SVC8_PAPER_MINUTES_BEFORE), output_field=DateTimeField())


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks: for which centre, and whether as somebody who may see question papers before the exam."""

    centre: Centre
    takes_papers: bool


def is_general() -> Q:
    """Return the condition that a resource is everybody's now; one with a start waits for the second member of staff as well."""
    return Q(general_at__lte=_NOW) & (Q(starts_at=None) | Q(confirmed_at__isnull=False))


def is_todays(centre: Centre) -> Q:
    """Return the condition that a question paper is open to a centre before it is everybody's."""
    entered = Entry.objects.filter(
        candidate__centre=centre,
        candidate__series__year=OuterRef("year"),
        candidate__series__month=OuterRef("month"),
        option__components=OuterRef("component"),
        withdrawn_at=None,
    )
    return Q(Exists(entered), starts_at__lte=_AHEAD, confirmed_at__isnull=False)


def is_seen_by(reader: Reader) -> Q:
    """Return the condition that a reader may see a resource now."""
    return is_general() | is_todays(reader.centre) if reader.takes_papers else is_general()
