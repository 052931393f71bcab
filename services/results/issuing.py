"""The one way results come into being: an issue adds versions and never changes one (SVC 5)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from itertools import islice
from operator import attrgetter
from typing import Final
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from portal.audit.record import record
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Option, Series, SeriesLevel
from services.results.events import Event
from services.results.models import Issue, Result

_AT_ONCE: Final = 2_000
"""Lines worked on at a time, so that a year's results need no more memory than these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A result to issue: whose, in what, and what it is. The order of the last five is that of the columns below."""

    candidate: UUID
    option: int
    grade: str = ""
    indicator: str = ""
    endorsement: str = ""
    ums: int | None = None
    ums_max: int | None = None


_SAYS: Final = tuple(one.name for one in fields(Line))[2:]
_said_by: Final = attrgetter(*_SAYS)


class StrayLine(Refusal):
    """A line is about a candidate of another series, or an option of another level."""

    message = _("The file holds a result of another exam series or level. Nothing was issued.")


class TwiceInOneIssue(Refusal):
    """A candidate has two results in one option."""

    message = _("The file holds two results of one candidate in one option. Nothing was issued.")


@transaction.atomic
def issue(
    *, actor: AbstractBaseUser | None, series: Series, level: ExamLevel, lines: Iterable[Line], source: str = "", digest: str = ""
) -> Issue:
    """Issue results, all or none; a line that says what is current already adds no version.

    Issuing is not releasing: the gate still decides who sees them and when. Raises `StrayLine`, `TwiceInOneIssue`.
    """
    Series.objects.select_for_update(no_key=True).get(pk=series.pk)  # one issue of a series at a time: versions are counted
    SeriesLevel.objects.get_or_create(series=series, level=level)
    before = Issue.objects.filter(series=series, level=level).aggregate(last=Max("number"))["last"] or 0
    made = Issue.objects.create(
        series=series, level=level, number=before + 1, issued_by_id=actor.pk if actor else None, source=source, digest=digest
    )
    options = set(Option.objects.filter(qualification__level=level).values_list("pk", flat=True))
    for some in _batches(lines):
        made.lines += _add(made, options, some)
    made.save(update_fields=["lines"])
    record(Event.RESULTS_ISSUED, actor=actor, subject=made, series=series.code, level=str(level), rows=made.lines)
    return made


def _batches(lines: Iterable[Line]) -> Iterator[list[Line]]:
    rest = iter(lines)
    while some := list(islice(rest, _AT_ONCE)):
        yield some


def _add(made: Issue, options: set[int], lines: list[Line]) -> int:
    """Add the versions of some lines; returns how many were new."""
    centres = dict(Candidate.objects.filter(pk__in={line.candidate for line in lines}, series=made.series_id).values_list("pk", "centre"))
    if any(line.candidate not in centres or line.option not in options for line in lines):
        raise StrayLine()
    if len({(line.candidate, line.option) for line in lines}) < len(lines):
        raise TwiceInOneIssue()
    stored = Result.objects.behind_the_gate().filter(candidate__in=centres, current=True).order_by()
    now = {
        (candidate, option): (pk, version, issued, tuple(said))
        for pk, candidate, option, version, issued, *said in stored.values_list("pk", "candidate", "option", "version", "issue", *_SAYS)
    }
    old, new = [], []
    for line in lines:
        pk, version, issued, said = now.get((line.candidate, line.option), (None, 0, None, None))
        if issued == made.pk:
            raise TwiceInOneIssue()
        values = _said_by(line)
        if said == values:
            continue
        if pk is not None:
            old.append(pk)
        new.append(
            Result(
                centre_id=centres[line.candidate],
                series_id=made.series_id,
                level=made.level,
                candidate_id=line.candidate,
                option_id=line.option,
                issue=made,
                version=version + 1,
                **dict(zip(_SAYS, values, strict=True)),
            )
        )
    Result.objects.filter(pk__in=old).update(current=False)
    Result.objects.bulk_create(new)
    return len(new)
