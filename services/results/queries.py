"""Read results through the gate. The number of queries is the same for 10 candidates and for 10,000."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal import limits
from portal.folding import fold
from portal.web.paging import Mark, by_mark, by_number, page_count
from services.exams.models import Candidate, Item, Option, SeriesLevel
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Look
from services.releases.sittings import OpenSitting, open_sittings
from services.results.models import Result
from services.results.words import Award, in_one_line

KINDS: Final = (Artefact.RESULTS, Artefact.RESULTS_FILE)
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A page of a list, of `size` lines at most; `found` counts all its lines."""

    rows: Sequence[Any]
    found: int
    page: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return page_count(self.found, self.size)

    @property
    def for_paper(self) -> bool:
        """Whether it has as many lines as a page to be printed."""
        return self.size == limits.SVC5_PRINT_PAGE

    @property
    def first(self) -> int:
        """The number of the first line on this page, counted from 1; 0 when there is none."""
        return min(self.found, (self.page - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """The number of the last line on this page."""
        return min(self.found, self.page * self.size)


@dataclass(frozen=True, slots=True)
class Listed:
    """A candidate in the list, with their awards in words."""

    pk: UUID
    key: str
    name: str
    number: str
    uci: str
    awards: SafeString


def sittings(look: Look) -> list[OpenSitting]:
    """Return the levels of series of which this look may see results of its centre now, latest first."""
    open_now = open_sittings(look.sight, *KINDS)
    has_some = Exists(Result.objects.seen_by(look).filter(series=OuterRef("series"), level=OuterRef("level"), current=True))
    mine = set(SeriesLevel.objects.filter(has_some).values_list("series", "level"))
    return [sitting for sitting in open_now if (sitting.series.pk, sitting.level) in mine]


def sitting_of(look: Look, asked: Sitting) -> OpenSitting | None:
    """Return a sitting that is open, or None: what may not be seen yet is as unknown as what never was.

    Whether the centre has results in it, the queries below say, each of which gives nothing otherwise.
    """
    found = open_sittings(look.sight, *KINDS, only=asked)
    return found[0] if found else None


def candidates(look: Look, sitting: OpenSitting, *, search: str, page: int, size: int, mark: Mark | None) -> Book:
    """Return a page of the candidates who have results, by name, each with their awards; without a search an empty one has none at all."""
    mine = Candidate.objects.filter(
        Exists(current(look, sitting).filter(candidate=OuterRef("pk"))), centre=look.centre, series=sitting.series
    )
    for word in fold(search).split()[:_MOST_WORDS]:
        mine = mine.filter(searched__contains=word)
    found, field = mine.count(), name_field()
    pages = page_count(found, size)
    page = min(max(1, page), pages)
    rows = mine.order_by(field, "pk").values_list("pk", field, "surname", "forenames", "number", "uci")
    if mark is not None and mark.field == field and 1 < page < pages:
        shown = by_mark(rows, mark=mark, size=size)
    else:
        shown = by_number(rows, number=page, found=found, size=size)
    awards = _awards(look, sitting, [pk for pk, *_rest in shown])
    listed = [
        Listed(pk, key, f"{surname}, {forenames}" if forenames else surname, number, uci, in_one_line(awards.get(pk, ())))
        for pk, key, surname, forenames, number, uci in shown
    ]
    return Book(rows=listed, found=found, page=page, size=size)


def _awards(look: Look, sitting: OpenSitting, people: list[UUID]) -> dict[UUID, list[Award]]:
    """Return the awards of some candidates, units left out."""
    found: dict[UUID, list[Award]] = defaultdict(list)
    title = "option__title_cy" if get_language() == "cy" else "option__title_en"
    rows = current(look, sitting).filter(candidate__in=people).exclude(option__item=Item.UNIT).order_by("option__code")
    for pk, *said in rows.values_list("candidate", "option__qualification__kind", title, "grade", "indicator"):
        found[pk].append(Award(*said))
    return found


def candidate_of(look: Look, sitting: OpenSitting, pk: UUID) -> tuple[Candidate | None, list[Result]]:
    """Return a candidate of the look's own centre with every version of their results, latest version first; or (None, [])."""
    rows = Result.objects.seen_by(look).filter(series=sitting.series, level=sitting.level, candidate=pk)
    versions = list(rows.select_related("candidate", "option__qualification", "issue").order_by("option__code", "-version"))
    return (versions[0].candidate if versions else None), versions


def subjects(look: Look, sitting: OpenSitting) -> list[Option]:
    """Return what candidates have results in, awards and units, each with its `grades` (grade or indicator, how many) and its `taken`."""
    counts: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    rows = current(look, sitting).order_by().values_list("option", "grade", "indicator").annotate(many=Count("pk"))
    for option, grade, indicator, many in rows:
        counts[option].append((grade, indicator, many))
    found = list(Option.objects.filter(pk__in=counts).select_related("qualification").order_by("code"))
    for option in found:
        option.grades = ", ".join(f"{grade}{sign}: {many}" for grade, sign, many in sorted(counts[option.pk], key=_rank))  # type: ignore[attr-defined]
        option.taken = sum(many for _grade, _indicator, many in counts[option.pk])  # type: ignore[attr-defined]
    return found


def subject_of(look: Look, sitting: OpenSitting, code: str, *, page: int, size: int) -> tuple[Option | None, Book]:
    """Return an option that candidates have results in, with a page of those results by name; or (None, an empty page)."""
    option = Option.objects.filter(code=code).select_related("qualification").first()
    rows = current(look, sitting).filter(option=option) if option else Result.objects.none()
    found = rows.count() if option else 0
    page = min(max(1, page), page_count(found, size))
    shown = rows.select_related("candidate").order_by(f"candidate__{name_field()}", "candidate")
    lines = by_number(shown, number=page, found=found, size=size) if found else []
    return (option if found else None), Book(rows=lines, found=found, page=page, size=size)


def current(look: Look, sitting: OpenSitting, kind: Artefact | None = None) -> QuerySet[Result]:
    """Return the results that count, of a sitting and of the look's own centre."""
    rows: QuerySet[Result] = Result.objects.seen_by(look, kind).filter(series=sitting.series, level=sitting.level, current=True)
    return rows


def name_field() -> str:
    """Return the column that sorts names as the page's language does."""
    return "sort_cy" if get_language() == "cy" else "sort_en"


def _rank(counted: tuple[str, str, int]) -> tuple[str, str]:
    """Sort a star before none, and what has no grade last."""
    grade, indicator, _many = counted
    return f"{grade.replace('*', '!')}~", indicator
