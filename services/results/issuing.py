"""The one way results come into being: an issue adds versions and never changes one (SVC 5). How rows are added, `services.publishing.issuing` knows."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from operator import attrgetter
from typing import Any, Final
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.audit.record import record
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Option, Series
from services.publishing.issuing import Shape
from services.publishing.issuing import issue as issue_rows
from services.publishing.tally import Changes
from services.results.events import Event
from services.results.models import Issue, Result


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A result to issue: whose, in what, and what it is. The order is that of the columns below."""

    candidate: UUID
    option: int
    grade: str = ""
    indicator: str = ""
    endorsement: str = ""
    ums: int | None = None
    ums_max: int | None = None


_SAYS: Final = ("grade", "indicator", "endorsement", "ums", "ums_max")
_said_by: Final = attrgetter("candidate", "option", *_SAYS)


def _values_of(placed: tuple[int, Line]) -> tuple[Any, ...]:
    return (*_said_by(placed[1]), placed[0])


SHAPE: Final = Shape(Result, ("candidate_id", "option_id"), _SAYS, ("centre_id",), _values_of)
"""Results are issued as pairs of a centre and a line."""


class StrayLine(Refusal):
    """A line is about a candidate of another series, or an option of another level."""

    message = _("The file holds a result of another exam series or level. Nothing was issued.")


def issue(
    *, actor: AbstractBaseUser | None, series: Series, level: ExamLevel, lines: Iterable[Line], source: str = "", digest: str = ""
) -> Issue:
    """Issue results, all or none; a line that says what is current already adds no version.

    Issuing is not releasing: the gate still decides who sees them and when. Raises `StrayLine`, `TwiceInOneIssue`.
    """
    return issue_lines(actor=actor, series=series, level=level, lines=_placed(series, level, lines), source=source, digest=digest)[0]


@transaction.atomic
def issue_lines(
    *, actor: AbstractBaseUser | None, series: Series, level: str, lines: Iterable[tuple[int, Line]], source: str, digest: str
) -> tuple[Issue, Changes]:
    """Issue lines that are known to be of this series, level and centre. Raises `TwiceInOneIssue`."""
    made, changes = issue_rows(
        actor=actor, kind=Issue, shape=SHAPE, series=series, level=level, rows=lines, source=source, digest=digest
    )  # fmt: skip
    made.lines = changes.fresh + changes.reissued
    made.save(update_fields=["lines"])
    record(Event.RESULTS_ISSUED, actor=actor, subject=made, series=series.code, level=str(level), rows=made.lines)
    return made, changes


def _placed(series: Series, level: str, lines: Iterable[Line]) -> Iterator[tuple[int, Line]]:
    """Find the centre of each line. Raises `StrayLine`."""
    options = set(Option.objects.filter(qualification__level=level).values_list("pk", flat=True))
    rest = iter(lines)
    while some := list(islice(rest, limits.SVC5_ROWS_AT_ONCE)):
        known = Candidate.objects.filter(pk__in={line.candidate for line in some}, series=series)
        centres = dict(known.values_list("pk", "centre"))
        for line in some:
            if line.candidate not in centres or line.option not in options:
                raise StrayLine()
            yield centres[line.candidate], line
