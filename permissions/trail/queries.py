"""Read a centre's trail: newest first, page by page from where the last one ended, however long the trail is."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from django.db import connection
from django.db.models import Q, QuerySet

from permissions.models import Centre
from portal import clock, limits
from portal.audit.kinds import AuditKind, all_kinds
from portal.audit.models import AuditEvent

_OCCURRING: Final = """
    SELECT kinds.column1 FROM (VALUES {rows}) AS kinds
    WHERE EXISTS (SELECT 1 FROM audit_auditevent AS event WHERE event.centre_id = %s AND event.number = kinds.column1)
"""


@dataclass(frozen=True, slots=True)
class Reader:
    """Whose trail is read, and whether by somebody who may see today what is under embargo (`early`)."""

    centre: Centre
    early: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the trail; empty asks nothing. `person` is a part of a name, `who` an exact id, the dates are London days, inclusive."""

    person: str = ""
    who: str = ""
    kind: str = ""
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and where the next older ones begin ("" when these are the last)."""

    events: list[AuditEvent]
    older: str


def events_of(reader: Reader, filters: Filters) -> QuerySet[AuditEvent]:
    """Return a centre's events that the filters leave and the reader may know of, newest first."""
    found = _of(reader).order_by("-at", "-pk")
    if filters.person:
        found = found.filter(Q(actor_name__icontains=filters.person) | Q(subject_name__icontains=filters.person))
    if filters.who:
        found = found.filter(Q(actor_id=filters.who) | Q(subject_id=filters.who))
    if filters.kind:
        found = found.filter(number=int(filters.kind))
    if filters.first_day:
        found = found.filter(at__gte=_midnight(filters.first_day))
    if filters.last_day and filters.last_day < date.max:
        found = found.filter(at__lt=_midnight(filters.last_day + timedelta(days=1)))
    return found


def page_of(reader: Reader, filters: Filters, before: str) -> Page:
    """Return the page that begins below a mark of `Page.older`; a mark that is none of ours begins at the newest (A153)."""
    found = events_of(reader, filters)
    mark = _read(before)
    if mark is not None:
        at, pk = mark
        found = found.filter(Q(at__lt=at) | Q(pk__lt=pk), at__lte=at)
    rows = list(found[: limits.AUD_PAGE + 1])
    shown = rows[: limits.AUD_PAGE]
    return Page(shown, f"{shown[-1].at.isoformat()}_{shown[-1].pk}" if len(rows) > limits.AUD_PAGE else "")


def event_of(reader: Reader, pk: int) -> AuditEvent | None:
    """Return one event of a centre, or None: a foreign one is as unknown as a missing one (A10)."""
    return _of(reader).filter(pk=pk).first()


def kinds_of(reader: Reader) -> list[AuditKind]:
    """Return the kinds of events that a reader meets in a centre's trail: one look into the index for each kind, in one query."""
    kinds = {kind.number: kind for kind in all_kinds()}
    rows = ", ".join(["(%s)"] * len(kinds))
    with connection.cursor() as cursor:
        cursor.execute(_OCCURRING.format(rows=rows), [*kinds, str(reader.centre.pk)])
        occurring = {int(number) for (number,) in cursor.fetchall()}
    if not reader.early:
        told = _of(reader).filter(number__in=_of_embargo()).order_by().values_list("number", flat=True).distinct()
        occurring -= _of_embargo() - set(told)
    return [kind for number, kind in kinds.items() if number in occurring]


def _of(reader: Reader) -> QuerySet[AuditEvent]:
    """Return what a reader may know of: not that there is something under embargo, nor who looked, how much, or its sum (SVC, release gate)."""
    rows = AuditEvent.objects.filter(centre_id=str(reader.centre.pk))
    if reader.early:
        return rows
    over = Q(at__lt=clock.now() - timedelta(days=limits.SVC5_EMBARGO_DAYS))
    return rows.filter(~Q(number__in=_of_embargo()) | Q(detail__under_embargo=False) | over)


def _of_embargo() -> set[int]:
    return {kind.number for kind in all_kinds() if kind.of_embargo}


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LONDON)


def _read(mark: str) -> tuple[datetime, int] | None:
    text, _, number = mark.rpartition("_")
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    usable = at.tzinfo is not None and number.isascii() and number.isdigit() and len(number) < len(str(2**63))
    return (at, int(number)) if usable else None
