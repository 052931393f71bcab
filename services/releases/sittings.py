"""What is open now: the levels of series in which some kind of thing has come to its instant, by the database's clock."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.db.models.functions import Now

from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Sight
from services.releases.models import Release


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSitting:
    """A level of a series with the kinds that are open for a sight, and when the first of the kinds asked for is open for everybody."""

    series: Series
    level: ExamLevel
    kinds: frozenset[Artefact]
    general_at: datetime
    is_out: bool

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


def open_sittings(sight: Sight, *kinds: Artefact, only: Sitting | None = None) -> list[OpenSitting]:
    """Return the sittings in which the first of these kinds is open for a sight, latest first, each with the others that are.

    It tells of times, not of things: whether a centre has anything, its own gated query says.
    """
    rows = Release.objects.filter(kind__in=kinds, **{f"{sight.value}__lte": Now()})
    if only is not None:
        rows = rows.filter(series__year=only.year, series__month=only.month, level=only.level)
    is_out = ExpressionWrapper(Q(general_at__lte=Now()), output_field=BooleanField())
    found: dict[tuple[int, str], dict[Artefact, Release]] = {}
    for row in rows.annotate(is_out=is_out).select_related("series").order_by("-series__year", "-series__month", "level"):
        found.setdefault((row.series_id, row.level), {})[Artefact(row.kind)] = row
    return [
        OpenSitting(series=first.series, level=ExamLevel(level), kinds=frozenset(rows), general_at=first.general_at, is_out=first.is_out)  # type: ignore[attr-defined]
        for (_series, level), rows in found.items()
        if (first := rows.get(kinds[0])) is not None
    ]
