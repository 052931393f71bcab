"""Read item level data through the gate. The database counts and adds up; the number of queries is the same for 10 candidates and for 10,000."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.utils.translation import get_language

from portal import limits
from portal.folding import fold
from portal.web.paging import by_number, page_count
from services.exams.models import Candidate, Component
from services.releases.gate import Look
from services.releases.sittings import OpenSitting
from services.reports.items.figures import Group, group_of, rounded
from services.reports.items.small_groups import side_by_side
from services.reports.models import ItemMark, MarkState, PaperItem

_MOST_WORDS: Final = 8
_OF: Final = {"all": Q(), "male": Q(sex="M"), "female": Q(sex="F")}


@dataclass(frozen=True, slots=True)
class Paper:
    """A component with item data of the centre."""

    code: str
    title: str
    candidates: int


@dataclass(frozen=True, slots=True)
class Compared:
    """An item with the figures of each group: the centre's and those of all centres."""

    item: PaperItem
    groups: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page of the candidates of a paper, each with `total`, the sum of their marks; `found` counts all."""

    rows: Sequence[Any]
    found: int
    number: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first line, counted from 1."""
        return min(self.found, (self.number - 1) * limits.SVC6_PAGE + 1)

    @property
    def last(self) -> int:
        """The number of the last line."""
        return min(self.found, self.number * limits.SVC6_PAGE)


def papers(look: Look) -> dict[tuple[int, str], list[Paper]]:
    """Return the papers of which this look sees marks of its centre now, by series and level."""
    title = "component__title_cy" if get_language() == "cy" else "component__title_en"
    rows = ItemMark.objects.seen_by(look).filter(current=True).order_by("component__code")
    found: dict[tuple[int, str], list[Paper]] = defaultdict(list)
    for series, level, code, name, many in rows.values_list("series", "level", "component__code", title).annotate(
        many=Count("candidate", distinct=True)
    ):
        found[series, level].append(Paper(code, name, many))
    return found


def paper_of(look: Look, sitting: OpenSitting, code: str) -> Component | None:
    """Return a component of which this look sees marks of its centre now, or None."""
    found = Component.objects.filter(code=code).first()
    return found if found is not None and marks(look, sitting, found).exists() else None


def marks(look: Look, sitting: OpenSitting, paper: Component) -> QuerySet[ItemMark]:
    """Return the marks that count, of a paper and of the look's own centre."""
    rows: QuerySet[ItemMark] = ItemMark.objects.seen_by(look).filter(
        series=sitting.series, level=sitting.level, component=paper, current=True
    )
    return rows


def items(look: Look, sitting: OpenSitting, paper: Component) -> list[PaperItem]:
    """Return the items of a paper in its order."""
    rows = PaperItem.objects.seen_by(look).filter(series=sitting.series, level=sitting.level, component=paper, current=True)
    return list(rows.order_by("place", "label"))


def compared(look: Look, sitting: OpenSitting, paper: Component) -> list[Compared]:
    """Return the items of a paper with the centre's figures beside those of all centres, small groups hidden: two queries."""
    counts = _counts(look, sitting, paper)
    nobody = dict.fromkeys(_OF, Group())
    return [
        Compared(
            item,
            side_by_side(counts.get(item.label, nobody), {name: group_of(item.figures[name]) for name in _OF}, item.maximum),
        )
        for item in items(look, sitting, paper)
    ]


def _counts(look: Look, sitting: OpenSitting, paper: Component) -> dict[str, dict[str, Group]]:
    """Count and add up in the database, for each item and each group."""
    marked = Q(state=MarkState.MARKED)
    asked: dict[str, Any] = {}
    for name, of in _OF.items():
        asked[f"{name}_entered"] = Count("pk", filter=of) if of else Count("pk")
        asked[f"{name}_attempted"] = Count("pk", filter=marked & of)
        asked[f"{name}_sum"] = Sum("mark", filter=of) if of else Sum("mark")
    rows: Any = marks(look, sitting, paper).order_by().values("item").annotate(**asked)
    return {row["item"]: {name: _group(row, name) for name in _OF} for row in rows}


def _group(row: dict[str, Any], name: str) -> Group:
    entered, attempted = row[f"{name}_entered"], row[f"{name}_attempted"]
    return Group(entered, attempted, rounded((row[f"{name}_sum"] or 0) * 100, attempted) if attempted else None)


def candidates(look: Look, sitting: OpenSitting, paper: Component, *, search: str, number: int) -> Page:
    """Return a page of the candidates of a paper by name."""
    marked = Exists(marks(look, sitting, paper).filter(candidate=OuterRef("pk")))
    mine = Candidate.objects.filter(marked, centre=look.centre, series=sitting.series)
    for word in fold(search).split()[:_MOST_WORDS]:
        mine = mine.filter(searched__contains=word)
    found = mine.count()
    pages = page_count(found, limits.SVC6_PAGE)
    number = min(max(1, number), pages)
    field = "sort_cy" if get_language() == "cy" else "sort_en"
    rows = by_number(mine.order_by(field, "pk"), number=number, found=found, size=limits.SVC6_PAGE) if found else []
    totals = marks(look, sitting, paper).filter(candidate__in=[row.pk for row in rows]).order_by().values_list("candidate")
    sums = dict(totals.annotate(total=Sum("mark")))
    for row in rows:
        row.total = sums.get(row.pk)
    return Page(rows=rows, found=found, number=number, pages=pages)


def candidate_of(look: Look, sitting: OpenSitting, paper: Component, pk: UUID) -> tuple[Candidate | None, dict[str, list[ItemMark]]]:
    """Return a candidate of the look's own centre with every version of their marks by item, latest first; or (None, nothing)."""
    rows = ItemMark.objects.seen_by(look).filter(series=sitting.series, level=sitting.level, component=paper, candidate=pk)
    versions = list(rows.select_related("candidate").order_by("item", "-version"))
    by_item = {item: list(some) for item, some in groupby(versions, key=lambda row: row.item)}
    return (versions[0].candidate if versions else None), by_item


def latest_issue(look: Look, sitting: OpenSitting, paper: Component) -> int:
    """Return the number of the latest issue of which a mark of this paper counts; 0 where there is none."""
    found: int | None = marks(look, sitting, paper).aggregate(last=Max("issue__number"))["last"]
    return found or 0
