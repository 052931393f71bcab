"""The one way what reports show comes into being: an issue adds versions and never changes one (SVC 6). Issuing is not releasing."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any, Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max

from portal import limits
from portal.audit.record import record
from services.exams.models import Series, SeriesLevel
from services.reports.events import Event
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, Report, ReportIssue, SubjectBoundary
from services.reports.models.issue import Versioned


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of report is made of: its table, what tells its rows apart, and what they say."""

    model: type[Versioned]
    key: tuple[str, ...]
    says: tuple[str, ...]


SHAPES: Final = {
    Report.SUBJECT: Shape(SubjectBoundary, ("option_id", "tier"), ("maximum", "ums_maximum", "grades")),
    Report.NOTIONAL: Shape(NotionalBoundary, ("component_id", "tier"), ("maximum", "grades")),
    Report.ITEMS: Shape(PaperItem, ("component_id", "label"), ("place", "maximum", "optional", "figures")),
    Report.MARKS: Shape(ItemMark, ("candidate_id", "component_id", "item"), ("maximum", "mark", "state", "sex")),
}


@dataclass(slots=True)
class Changes:
    """What publishing does, or would do."""

    fresh: int = 0
    reissued: int = 0
    unchanged: int = 0


def compare(*, kind: Report, series: Series, level: str, rows: Iterable[Versioned]) -> Changes:
    """Count what issuing these rows would change; nothing is written."""
    changes = Changes()
    for some in _batches(rows):
        _changed(SHAPES[kind], series, level, some, changes)
    return changes


@transaction.atomic
def issue(
    *,
    actor: AbstractBaseUser | None,
    kind: Report,
    series: Series,
    level: str,
    rows: Iterable[Versioned],
    source: str = "",
    digest: str = "",
) -> ReportIssue:
    """Issue rows, all or none; one that says what is current already adds no version."""
    Series.objects.select_for_update(no_key=True).get(pk=series.pk)  # one issue of a series at a time: versions are counted
    SeriesLevel.objects.get_or_create(series=series, level=level)
    slot: dict[str, Any] = {"series": series, "level": level, "kind": kind}
    before = ReportIssue.objects.filter(**slot).aggregate(last=Max("number"))["last"] or 0
    made = ReportIssue.objects.create(**slot, number=before + 1, issued_by_id=actor.pk if actor else None, source=source, digest=digest)
    changes, shape = Changes(), SHAPES[kind]
    for some in _batches(rows):
        new, old = _changed(shape, series, level, some, changes)
        for row in new:
            row.series, row.level, row.issue = series, level, made
        shape.model.objects.filter(pk__in=old).update(current=False)
        shape.model.objects.bulk_create(new)
    made.fresh, made.reissued = changes.fresh, changes.reissued
    made.save(update_fields=["fresh", "reissued"])
    said: dict[str, Any] = {"series": series.code, "level": level, "report": str(kind), "rows": changes.fresh + changes.reissued}
    record(Event.REPORT_ISSUED, actor=actor, subject=made, **said)
    return made


def _batches(rows: Iterable[Versioned]) -> Iterator[list[Versioned]]:
    rest = iter(rows)
    while some := list(islice(rest, limits.SVC5_ROWS_AT_ONCE)):
        yield some


def _changed(shape: Shape, series: Series, level: str, rows: list[Versioned], changes: Changes) -> tuple[list[Versioned], list[int]]:
    """Return the rows that say something new, with their versions, and the ids of those they take the place of; count them all."""
    first, width = shape.key[0], len(shape.key)
    key_of, said_by = attrgetter(*shape.key), attrgetter(*shape.says)
    stored = shape.model.objects.behind_the_gate().filter(
        series=series, level=level, current=True, **{f"{first}__in": {getattr(row, first) for row in rows}}
    )
    now = {
        tuple(rest[:width]): (pk, version, tuple(rest[width:]))
        for pk, version, *rest in stored.values_list("pk", "version", *shape.key, *shape.says)
    }
    new, old = list[Versioned](), list[int]()
    for row in rows:
        pk, version, said = now.get(key_of(row), (None, 0, None))
        if pk is None:
            changes.fresh += 1
        elif said == said_by(row):
            changes.unchanged += 1
            continue
        else:
            changes.reissued += 1
            old.append(pk)
        row.version = version + 1
        new.append(row)
    return new, old
