"""Read scripts through the gate: only clean files of the look's own centre. The number of queries does not grow with the candidates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, QuerySet, Value
from django.utils.translation import get_language

from portal import limits
from portal.folding import fold
from portal.web.paging import by_number, page_count
from services.exams.models import Candidate, SeriesLevel
from services.exams.sitting import Sitting
from services.files.models import SERVED
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight, is_open
from services.releases.sittings import OpenSitting, open_sittings
from services.scripts.models import Script

_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A page of candidates, each with their scripts; `found` counts all."""

    rows: Sequence[tuple[Candidate, list[Script]]]
    found: int
    page: int
    pages: int


def sittings(look: Look) -> list[OpenSitting]:
    """Return the levels of series in which this look has scripts to see now, latest first; under embargo those that are not out yet."""
    mine = {(one.series_id, one.level) for one in SeriesLevel.objects.filter(Exists(_of_slot(look)))}
    found = [one for one in open_sittings(look.sight, Artefact.SCRIPTS) if (one.series.pk, one.level) in mine]
    return [one for one in found if look.sight is Sight.RELEASED or Artefact.SCRIPTS not in one.out]


def sitting_of(look: Look, asked: Sitting) -> OpenSitting | None:
    """Return one of them, or None: what may not be seen yet is as unknown as what never was."""
    found = open_sittings(look.sight, Artefact.SCRIPTS, only=asked)
    return found[0] if found and _current(look, found[0]).exists() else None


def candidates(look: Look, sitting: OpenSitting, *, search: str, page: int) -> Book:
    """Return a page of the candidates who have scripts, by name."""
    mine = Candidate.objects.filter(
        Exists(_current(look, sitting).filter(candidate=OuterRef("pk"))), centre=look.centre, series=sitting.series
    )
    for word in fold(search).split()[:_MOST_WORDS]:
        mine = mine.filter(searched__contains=word)
    found = mine.count()
    pages = page_count(found, limits.SVC7_PAGE)
    page = min(max(1, page), pages)
    shown = by_number(
        mine.order_by("sort_cy" if get_language() == "cy" else "sort_en", "pk"), number=page, found=found, size=limits.SVC7_PAGE
    )
    scripts: dict[UUID, list[Script]] = defaultdict(list)
    rows = _current(look, sitting).filter(candidate__in=[one.pk for one in shown]).select_related("component")
    for script in rows.order_by("component__code"):
        scripts[script.candidate_id].append(script)
    return Book(rows=[(one, scripts[one.pk]) for one in shown], found=found, page=page, pages=pages)


def script_of(look: Look, asked: Sitting, pk: UUID) -> Script | None:
    """Return the current version of a script, with whose and of what it is and its file, and whether it is out for everybody (`is_out`).

    One query and the gate is in it: a file is asked for often.
    """
    rows = _clean(look).filter(pk=pk, series__year=asked.year, series__month=asked.month, level=asked.level)
    out = (
        ExpressionWrapper(is_open(Artefact.SCRIPTS, Sight.RELEASED), BooleanField()) if look.sight is Sight.EMBARGOED else Value(value=True)
    )
    return rows.annotate(is_out=out).select_related("candidate", "component", "file").first()


def _of_slot(look: Look) -> QuerySet[Script]:
    """Return the scripts of a row's own series and level, for a subquery."""
    return _clean(look).filter(series=OuterRef("series"), level=OuterRef("level"))


def _current(look: Look, sitting: OpenSitting) -> QuerySet[Script]:
    return _clean(look).filter(series=sitting.series, level=sitting.level)


def _clean(look: Look) -> QuerySet[Script]:
    rows: QuerySet[Script] = Script.objects.seen_by(look).filter(current=True, file__state__in=SERVED)
    return rows
