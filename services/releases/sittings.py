"""What is open now: the levels of series in which some kind of thing has come to its instant, by the database's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db.models import BooleanField, CharField, ExpressionWrapper, PositiveSmallIntegerField, Q, QuerySet
from django.db.models.functions import Now

from portal import limits
from portal.clock import database_now
from portal.fixed_query import FixedQuery, Given, instance
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Sight
from services.releases.models import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSitting:
    """A level of a series with the kinds that are open for a sight, and which of them are out, open for everybody.

    `general_at` is when the last of those that are not out will be, or when the first of the kinds asked for was.
    """

    series: Series
    level: ExamLevel
    kinds: frozenset[Artefact]
    out: frozenset[Artefact]
    general_at: datetime

    def __str__(self) -> str:
        return f"{self.level.label}, {self.series}"

    @property
    def code(self) -> str:
        """What an address names it by."""
        return str(Sitting(self.series.year, self.series.month, self.level))

    @property
    def has_file(self) -> bool:
        """Whether its results file is open as well."""
        return Artefact.RESULTS_FILE in self.kinds


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsDay:
    """An announced day: what is released at which instant, and how long that is from now; nothing left means that it has begun."""

    series: Series
    level: ExamLevel
    at: datetime
    left: timedelta

    def __str__(self) -> str:
        return f"{self.level.label}, {self.series}"

    @property
    def is_out(self) -> bool:
        """Whether it has begun."""
        return self.left <= timedelta()

    @property
    def seconds(self) -> int:
        """Seconds left, one more for a second that has begun: a page that counts them is never early."""
        return max(0, -(-self.left // timedelta(seconds=1)))

    @property
    def hours(self) -> int:
        """Whole hours left, of the minutes that have begun."""
        return self._minutes // 60

    @property
    def minutes(self) -> int:
        """Minutes left beside the hours, one more for a minute that has begun: never said too soon."""
        return self._minutes % 60

    @property
    def _minutes(self) -> int:
        return -(-self.left // timedelta(minutes=1))


def results_days() -> list[ResultsDay]:
    """Return the announced results days from a day ago on, by the database's clock. It tells what is public and of no centre's results."""
    now = database_now()
    since = now - timedelta(days=limits.SVC9_RESULTS_DAY_SHOWN_DAYS)
    rows = (
        Release.objects.filter(kind=Artefact.RESULTS, announced=True, general_at__gte=since).select_related("series").order_by("general_at")
    )
    return [ResultsDay(series=row.series, level=ExamLevel(row.level), at=row.general_at, left=row.general_at - now) for row in rows]


def open_sittings(sight: Sight, *kinds: Artefact, only: Sitting | None = None) -> list[OpenSitting]:
    """Return the sittings in which the first of these kinds is open for a sight, latest first, each with the others that are.

    It tells of times, not of things: whether a centre has anything, its own gated query says.
    """
    asked = {"year": only.year, "month": only.month, "level": only.level} if only else {}
    found: dict[tuple[int, str], dict[Artefact, _Slot]] = {}
    for series, year, month, level, kind, general_at, is_out in _OPEN.rows(sight, kinds, only is not None, **asked):
        slot = _Slot(instance(Series, (series, year, month)), general_at, is_out)
        found.setdefault((series, level), {})[Artefact(kind)] = slot
    return [_sitting(ExamLevel(level), slots, slots[kinds[0]]) for (_series, level), slots in found.items() if kinds[0] in slots]


class _Slot(NamedTuple):
    series: Series
    general_at: datetime
    is_out: bool


def _open(sight: Sight, kinds: tuple[Artefact, ...], of_one: bool) -> QuerySet[Release, Any]:
    rows = Release.objects.filter(kind__in=kinds, **{f"{sight.value}__lte": Now()})
    if of_one:
        year, month = Given("year", PositiveSmallIntegerField()), Given("month", PositiveSmallIntegerField())
        rows = rows.filter(series__year=year, series__month=month, level=Given("level", CharField()))
    is_out = ExpressionWrapper(Q(general_at__lte=Now()), output_field=BooleanField())
    return rows.order_by("-series__year", "-series__month", "level").values_list(
        "series", "series__year", "series__month", "level", "kind", "general_at", is_out
    )


_OPEN: Final = FixedQuery(_open)


def _sitting(level: ExamLevel, slots: dict[Artefact, _Slot], first: _Slot) -> OpenSitting:
    waiting = [slot.general_at for slot in slots.values() if not slot.is_out]
    return OpenSitting(
        series=first.series,
        level=level,
        kinds=frozenset(slots),
        out=frozenset(kind for kind, slot in slots.items() if slot.is_out),
        general_at=max(waiting, default=first.general_at),
    )
