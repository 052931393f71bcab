"""Read results through the gate. The number of queries is the same for 10 candidates and for 10,000."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db.models import BigAutoField, CharField, Count, Exists, F, OuterRef, QuerySet, UUIDField
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from portal import limits
from portal.fixed_query import COUNTED, Among, FixedQuery, Given, GivenMany
from portal.folding import fold
from portal.web.paging import Mark, cut, next_to, page_count
from services.exams.levels import QualificationKind
from services.exams.models import Candidate, Item, Option, SeriesLevel
from services.exams.models.candidate import listed_name
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.fixed import SeenQuery
from services.releases.gate import Look
from services.releases.sittings import OpenSitting, open_sittings
from services.results.models import Result
from services.results.words import award_in_words, in_one_line

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


class Graded(NamedTuple):
    """A candidate in the list of one subject, with what they have in it."""

    pk: UUID
    surname: str
    forenames: str
    number: str
    grade: str
    endorsement: str
    indicator: str
    ums: int | None
    ums_max: int | None

    @property
    def name(self) -> str:
        """The name as lists show it."""
        return listed_name(self.surname, self.forenames)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A subject or unit in which candidates have results: how many, and how many of them which grade or indicator; kind and type in words."""

    pk: int
    code: str
    title: str
    kind: str
    type: str
    taken: int = 0
    grades: str = ""


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
    words = fold(search).split()[:_MOST_WORDS]
    of = {"series": sitting.series.pk, "level": sitting.level}
    asked = of | {f"word{place}": word for place, word in enumerate(words)}
    found, field = _COUNT.seen(look, len(words), **asked)[0][0], name_field()
    pages = page_count(found, size)
    page = min(max(1, page), pages)
    if mark is not None and mark.field == field and 1 < page < pages:
        backwards = mark.back
        shown = _NEXT.seen(look, len(words), field, backwards, size, key=mark.key, pk=mark.pk, **asked)
    else:
        start, end, backwards = cut(number=page, found=found, size=size)
        shown = _PAGE.seen(look, len(words), field, backwards, start, end, **asked) if found else []
    shown = shown[::-1] if backwards else shown
    language = get_language() or "en"
    awards: dict[str, list[str]] = defaultdict(list)
    for number, kind, title, grade, indicator in _AWARDS.seen(look, language, people=[pk for pk, *_rest in shown], **of):
        awards[number].append(award_in_words(kind, title, grade, indicator, language))
    listed = [
        Listed(pk, key, listed_name(surname, forenames), number, uci, in_one_line(awards[number]))
        for pk, key, surname, forenames, number, uci in shown
    ]
    return Book(rows=listed, found=found, page=page, size=size)


def _candidates(look: Look, words: int) -> QuerySet[Candidate]:
    """The candidates who have results, with so many words in their names and numbers."""
    mine = Exists(_current(look).filter(candidate=OuterRef("pk")))
    rows = Candidate.objects.filter(mine, centre=look.centre, series=_SERIES)
    for place in range(words):
        rows = rows.filter(searched__contains=Given(f"word{place}", CharField()))
    return rows


def _by_name(look: Look, words: int, field: str) -> QuerySet[Candidate, Any]:
    return _candidates(look, words).order_by(field, "pk").values_list("pk", field, "surname", "forenames", "number", "uci")


def _page(look: Look, words: int, field: str, backwards: bool, start: int, end: int) -> QuerySet[Candidate, Any]:
    rows = _by_name(look, words, field)
    return (rows.reverse() if backwards else rows)[start:end]


def _next(look: Look, words: int, field: str, back: bool, size: int) -> QuerySet[Candidate, Any]:
    mark: Any = Mark(field, Given("key", CharField()), Given("pk", UUIDField()), back)  # type: ignore[arg-type]
    return next_to(_by_name(look, words, field), mark=mark)[:size]


def _awards(look: Look, language: str) -> QuerySet[Result, Any]:
    """The awards of some candidates, by their numbers, units left out."""
    title = "option__title_cy" if language == "cy" else "option__title_en"
    rows = _current(look).filter(Among(F("candidate"), GivenMany("people", UUIDField()))).exclude(option__item=Item.UNIT)
    return rows.order_by("option__code").values_list("candidate__number", "option__qualification__kind", title, "grade", "indicator")


def _current(look: Look) -> QuerySet[Result]:
    """The results that count, of a sitting and of the look's own centre."""
    rows: QuerySet[Result] = Result.objects.seen_by(look).filter(series=_SERIES, level=_LEVEL, current=True)
    return rows


_SERIES: Final = Given("series", BigAutoField())
_LEVEL: Final = Given("level", CharField())
_COUNT: Final = SeenQuery(lambda look, words: _candidates(look, words).values_list(COUNTED))
_PAGE: Final = SeenQuery(_page)
_NEXT: Final = SeenQuery(_next)
_AWARDS: Final = SeenQuery(_awards)


def candidate_of(look: Look, sitting: OpenSitting, pk: UUID) -> tuple[Candidate | None, list[Result]]:
    """Return a candidate of the look's own centre with every version of their results, latest version first; or (None, [])."""
    rows = Result.objects.seen_by(look).filter(series=sitting.series, level=sitting.level, candidate=pk)
    versions = list(rows.select_related("candidate", "option__qualification", "issue").order_by("option__code", "-version"))
    return (versions[0].candidate if versions else None), versions


def subjects(look: Look, sitting: OpenSitting) -> list[Taken]:
    """Return what candidates have results in, awards and units, by code."""
    counts: dict[int, list[tuple[str, str, int]]] = defaultdict(list)
    for option, *counted in _GRADES.seen(look, series=sitting.series.pk, level=sitting.level):
        counts[option].append(tuple(counted))
    return [
        replace(
            option,
            grades=", ".join(f"{grade}{sign}: {many}" for grade, sign, many in sorted(counts[option.pk], key=_rank)),
            taken=sum(many for _grade, _indicator, many in counts[option.pk]),
        )
        for option in _options(_OPTIONS.rows(get_language() or "en", options=list(counts)))
    ]


def subject_of(look: Look, sitting: OpenSitting, code: str, *, page: int, size: int) -> tuple[Taken | None, Book]:
    """Return an option that candidates have results in, with a page of those results by name; or (None, an empty page)."""
    options = _options(_OPTION.rows(get_language() or "en", code=code))
    of = {"series": sitting.series.pk, "level": sitting.level, "option": options[0].pk if options else 0}
    found = _TAKEN.seen(look, **of)[0][0]
    page = min(max(1, page), page_count(found, size))
    start, end, backwards = cut(number=page, found=found, size=size)
    lines = [Graded(*row) for row in _GRADED.seen(look, name_field(), backwards, start, end, **of)] if found else []
    return (options[0] if found else None), Book(rows=lines[::-1] if backwards else lines, found=found, page=page, size=size)


def _options(rows: list[Any]) -> list[Taken]:
    return [
        Taken(pk=pk, code=code, title=title, kind=str(QualificationKind(kind).label), type=str(Item(item).label))
        for pk, code, title, kind, item in rows
    ]


def _in_words(rows: QuerySet[Option], language: str) -> QuerySet[Option, Any]:
    title = "title_cy" if language == "cy" else "title_en"
    return rows.order_by("code").values_list("pk", "code", title, "qualification__kind", "item")


def _graded(look: Look, field: str, backwards: bool, start: int, end: int) -> QuerySet[Result, Any]:
    # Centre and series of the candidate say nothing new, but lead the database to the index that has them in order.
    mine = _current(look).filter(option=_OPTION_GIVEN, candidate__centre=look.centre, candidate__series=_SERIES)
    rows = mine.order_by(f"candidate__{field}", "candidate")
    who = ("candidate", "candidate__surname", "candidate__forenames", "candidate__number")
    return (rows.reverse() if backwards else rows)[start:end].values_list(*who, "grade", "endorsement", "indicator", "ums", "ums_max")


_OPTION_GIVEN: Final = Given("option", BigAutoField())
_GRADES: Final = SeenQuery(lambda look: _current(look).order_by().values_list("option", "grade", "indicator").annotate(many=Count("pk")))
_TAKEN: Final = SeenQuery(lambda look: _current(look).filter(option=_OPTION_GIVEN).values_list(COUNTED))
_GRADED: Final = SeenQuery(_graded)
_OPTIONS: Final = FixedQuery(
    lambda language: _in_words(Option.objects.filter(Among(F("pk"), GivenMany("options", BigAutoField()))), language)
)
_OPTION: Final = FixedQuery(lambda language: _in_words(Option.objects.filter(code=Given("code", CharField())), language))


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
