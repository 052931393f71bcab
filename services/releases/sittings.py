"""What is open now: the levels of series in which some kind of thing has come to its instant, by the database's clock."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from portal import limits
from portal.clock import database_now
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
    rows = Release.objects.filter(kind__in=kinds, **{f"{sight.value}__lte": Now()})
    if only is not None:
        rows = rows.filter(series__year=only.year, series__month=only.month, level=only.level)
    is_out = ExpressionWrapper(Q(general_at__lte=Now()), output_field=BooleanField())
    found: dict[tuple[int, str], dict[Artefact, Any]] = {}
    for row in rows.annotate(is_out=is_out).select_related("series").order_by("-series__year", "-series__month", "level"):
        found.setdefault((row.series_id, row.level), {})[Artefact(row.kind)] = row
    return [_sitting(ExamLevel(level), rows, rows[kinds[0]]) for (_series, level), rows in found.items() if kinds[0] in rows]


def _sitting(level: ExamLevel, rows: dict[Artefact, Any], first: Any) -> OpenSitting:
    waiting = [row.general_at for row in rows.values() if not row.is_out]
    return OpenSitting(
        series=first.series,
        level=level,
        kinds=frozenset(rows),
        out=frozenset(kind for kind, row in rows.items() if row.is_out),
        general_at=max(waiting, default=first.general_at),
    )
