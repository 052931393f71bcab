"""The one way what is published comes into being: an issue adds versions and never changes one, all of its rows or none. Issuing is not releasing."""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TypeVar

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import Max

from portal import limits
from services.exams.models import Series, SeriesLevel
from services.publishing.models import Issued, Versioned
from services.publishing.refusals import TwiceInOneIssue
from services.publishing.tally import Changes
from services.publishing.writing import add_rows, check_at_once

I = TypeVar("I", bound=Issued)  # noqa: E741  as in Issued
Values = tuple[Any, ...]
_FRAME: Final = ("series_id", "level", "issue_id", "version", "current")


@dataclass(frozen=True, slots=True)
class Shape:
    """What one kind of row is made of: its table, the columns that tell rows apart, those that say something, and those that go with them.

    `values_of` takes what somebody issues and returns the values of all these columns in this order.
    """

    model: type[Versioned]
    key: tuple[str, ...]
    says: tuple[str, ...]
    beside: tuple[str, ...]
    values_of: Callable[[Any], Values]

    @property
    def columns(self) -> tuple[str, ...]:
        """Every column but the frame of versions, in the order of the values."""
        return (*self.key, *self.says, *self.beside)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that says something new: its values, its version, and the id of the version that it takes the place of."""

    values: Values
    version: int
    before: Any


def compare(*, shape: Shape, series: Series, level: str, rows: Iterable[Any]) -> Changes:
    """Count what issuing these rows would change; nothing is written."""
    changes = Changes()
    for some in _batches(rows):
        _changed(shape, series, level, [shape.values_of(row) for row in some], changes)
    return changes


def issue(
    *,
    actor: AbstractBaseUser | None,
    kind: type[I],
    shape: Shape,
    series: Series,
    level: str,
    rows: Iterable[Any],
    source: str = "",
    digest: str = "",
    slot: Mapping[str, Any] | None = None,
) -> tuple[I, Changes]:
    """Issue rows in the caller's transaction, all or none; one that says what is current already adds no version.

    `slot`: what else the issue is numbered within. Raises `TwiceInOneIssue`, and whatever the rows raise while they are read.
    """
    Series.objects.select_for_update(no_key=True).get(pk=series.pk)  # one issue of a series at a time: versions are counted
    SeriesLevel.objects.get_or_create(series=series, level=level)
    check_at_once()
    within = {"series": series, "level": level, **(slot or {})}
    before = kind._default_manager.filter(**within).aggregate(last=Max("number"))["last"] or 0  # noqa: SLF001  Django's documented door
    made: I = kind._default_manager.create(  # noqa: SLF001
        **within, number=before + 1, issued_by_id=actor.pk if actor else None, source=source, digest=digest
    )
    changes = Changes()
    for some in _batches(rows):
        values = [shape.values_of(row) for row in some]
        if len({row[: len(shape.key)] for row in values}) < len(values):
            raise TwiceInOneIssue()
        _write(shape, made, _changed(shape, series, level, values, changes, made))
    return made, changes


def _batches(rows: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(rows)
    while some := list(islice(rest, limits.SVC5_ROWS_AT_ONCE)):
        yield some


def _write(shape: Shape, made: Issued, changed: Sequence[Change]) -> None:
    if not changed:
        return
    shape.model.objects.filter(pk__in=[one.before for one in changed if one.before is not None]).update(current=False)
    fixed = (made.series_id, made.level, made.pk)
    columns, rows = (*_FRAME, *shape.columns), ((*fixed, one.version, True, *one.values) for one in changed)
    if isinstance(shape.model._meta.pk, models.UUIDField):
        columns, rows = ("id", *columns), ((uuid.uuid4(), *row) for row in rows)
    add_rows(shape.model, columns, rows)


def _changed(
    shape: Shape, series: Series, level: str, rows: Sequence[Values], changes: Changes, made: Issued | None = None
) -> list[Change]:
    """Return the rows that say something new; count them all. Raises `TwiceInOneIssue` for what this issue has said already."""
    first, width, said_to = shape.key[0], len(shape.key), len(shape.key) + len(shape.says)
    stored = shape.model.objects.behind_the_gate().filter(
        series=series, level=level, current=True, **{f"{first}__in": {row[0] for row in rows}}
    )
    now = {
        tuple(rest[:width]): (pk, version, issued, tuple(rest[width:]))
        for pk, version, issued, *rest in stored.order_by().values_list("pk", "version", "issue_id", *shape.key, *shape.says)
    }
    found = list[Change]()
    for row in rows:
        pk, version, issued, said = now.get(row[:width], (None, 0, None, None))
        if issued is not None and made is not None and issued == made.pk:
            raise TwiceInOneIssue()
        if said == row[width:said_to]:
            changes.unchanged += 1
            continue
        if pk is None:
            changes.fresh += 1
        else:
            changes.reissued += 1
        found.append(Change(row, version + 1, pk))
    return found
