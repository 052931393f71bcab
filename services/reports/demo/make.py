"""Make the demonstration's reports of made-up numbers, through the same deeds as real ones, for whatever exams the demonstration has."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from portal import clock
from services.exams.levels import ExamLevel, QualificationKind
from services.exams.models import Candidate, Component, Item, Option, OptionComponent, SeriesLevel
from services.releases.artefacts import Artefact
from services.releases.flow import approve, propose
from services.reports.issuing import issue
from services.reports.items.figures import rounded
from services.reports.models import ItemMark, MarkState, NotionalBoundary, PaperItem, Report, ReportIssue, SubjectBoundary

_GCSE: Final = {"A*": 90, "A": 80, "B": 70, "C": 60, "D": 50, "E": 40, "F": 30, "G": 20}
_GCE: Final = {"A": 80, "B": 70, "C": 60, "D": 50, "E": 40}
_DOUBLE: Final = {"A*A*": 90, "AA": 80, "BB": 70, "CC": 60, "DD": 50, "EE": 40, "FF": 30, "GG": 20}
_SHARES: Final = {
    QualificationKind.GCSE: _GCSE,
    QualificationKind.GCSE_DOUBLE: _DOUBLE,
    QualificationKind.AS: _GCE,
    QualificationKind.A_LEVEL: {"A*": 90, **_GCE},
}
"""Uniform marks are fixed shares of the maximum (formats.md 4.6)."""
_ITEMS: Final = (2, 3, 4, 3, 6, 5, 8, 4, 10, 15)
"""The maximum marks of a paper's items, 60 in all; the ninth is one of two to choose from."""
_EVERYWHERE: Final = 40
"""How many times as many candidates all centres have as the demonstration's own."""


@transaction.atomic
def make() -> None:
    """Make everything, unless there is a report already; without exams or two members of staff there is nothing to make."""
    staff = list(User.objects.filter(is_staff=True).order_by("email")[:2])
    if ReportIssue.objects.exists() or len(staff) < 2:  # noqa: PLR2004  (a release takes two people)
        return
    for where in SeriesLevel.objects.select_related("series").order_by("pk"):
        options = list(Option.objects.filter(qualification__level=where.level).select_related("qualification").order_by("code"))
        papers = [_paper(option) for option in options if option.item != Item.UNIT and option.ums_max is None]
        known: dict[str, Any] = {"actor": staff[0], "series": where.series, "level": where.level}
        issue(kind=Report.SUBJECT, rows=[_subject(option) for option in options], **known)
        issue(kind=Report.NOTIONAL, rows=[_notional(paper, _GCSE) for paper in papers], **known)
        for paper in (papers or [_paper(option) for option in options if option.item == Item.UNIT])[:1]:
            marks = list(_marks(where, paper))
            issue(kind=Report.ITEMS, rows=_items(paper, marks), **known)
            issue(kind=Report.MARKS, rows=marks, **known)
        _release(staff, where)


def _paper(option: Option) -> Component:
    titles = {"title_en": f"{option.title_en}: paper 1", "title_cy": f"{option.title_cy}: papur 1"}
    paper, _made = Component.objects.get_or_create(code=f"{option.code}/01", defaults={"maximum": sum(_ITEMS), **titles})
    OptionComponent.objects.get_or_create(option=option, component=paper)
    return paper


def _subject(option: Option) -> SubjectBoundary:
    shares = _SHARES[QualificationKind(option.qualification.kind)]
    unit = option.item == Item.UNIT
    if unit:
        shares = {grade[:1].lower() if len(grade) != 2 or grade[1] != "*" else "a*": share for grade, share in shares.items()}  # noqa: PLR2004
    most, ums = (60 if unit else 120), option.ums_max
    raw = unit or ums is None
    grades = [[grade, (share - 8) * most // 100 if raw else None, share * ums // 100 if ums else None] for grade, share in shares.items()]
    return SubjectBoundary(option_id=option.pk, maximum=most if raw else None, ums_maximum=ums, grades=grades)


def _notional(paper: Component, shares: dict[str, int]) -> NotionalBoundary:
    grades = [[grade, (share - 9) * paper.maximum // 100, None] for grade, share in shares.items()]
    return NotionalBoundary(component_id=paper.pk, maximum=paper.maximum, grades=grades)


def _marks(where: SeriesLevel, paper: Component) -> Iterator[ItemMark]:
    """Give most candidates of the level marks that look like marks; some were absent, some left an item out."""
    upper = where.level == ExamLevel.LEVEL_3
    people = Candidate.objects.filter(series=where.series, **{"number__gte" if upper else "number__lt": "5000"}).order_by(
        "centre", "number"
    )
    for one in people:
        number = int(one.number)
        if number % 5 == 0:
            continue
        for place, most in enumerate(_ITEMS, start=1):
            draw = number * 31 + place * 57
            state = _state(number, place, draw)
            mark = most * (30 + draw * 7 % 41 + draw * 3 % 30) // 100 if state is MarkState.MARKED else None
            yield ItemMark(
                centre_id=one.centre_id, candidate_id=one.pk, component_id=paper.pk, item=str(place), maximum=most, mark=mark, state=state,
                sex="F" if number % 7 < 4 else "M",  # noqa: PLR2004
            )  # fmt: skip


def _state(number: int, place: int, draw: int) -> MarkState:
    if number % 41 == 0:
        return MarkState.ABSENT
    if place in {9, 10} and (number % 2 == 0) is (place == 9):  # noqa: PLR2004
        return MarkState.NOT_CHOSEN
    return MarkState.NOT_ATTEMPTED if draw % 23 == 0 else MarkState.MARKED


def _items(paper: Component, marks: list[ItemMark]) -> list[PaperItem]:
    """Give each item figures of all centres, a little above the demonstration's own."""
    entered, attempted, total = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for one in marks:
        for group in ("all", "female" if one.sex == "F" else "male"):
            entered[one.item, group] += 1
            attempted[one.item, group] += one.mark is not None
            total[one.item, group] += one.mark or 0
    found = []
    for place, most in enumerate(_ITEMS, start=1):
        figures = {}
        for group in ("all", "male", "female"):
            key = (str(place), group)
            mean = min(most * 100, rounded(total[key] * 104, attempted[key])) if attempted[key] else None
            figures[group] = [entered[key] * _EVERYWHERE, attempted[key] * _EVERYWHERE, mean]
        found.append(
            PaperItem(component_id=paper.pk, label=str(place), place=place, maximum=most, optional=place in {9, 10}, figures=figures)
        )
    return found


def _release(staff: list[User], where: SeriesLevel) -> None:
    """Release everything a month ago at 08:00, but what was examined this month is under embargo since this morning, until tomorrow's."""
    today = clock.london(clock.now()).date()
    late = (where.series.year, where.series.month) >= (today.year, today.month)
    day = today + timedelta(days=1) if late else today - timedelta(days=30)
    times: dict[str, Any] = {
        "restricted_at": datetime.combine(day - timedelta(days=1), time(0, 1), tzinfo=clock.LONDON),
        "general_at": datetime.combine(day, time(8), tzinfo=clock.LONDON),
    }
    for kind in (Artefact.SUBJECT_BOUNDARIES, Artefact.NOTIONAL_BOUNDARIES, Artefact.ITEM_DATA):
        change = propose(
            actor=staff[0], series=where.series, level=ExamLevel(where.level), kind=kind, reason="Demonstration", **times
        )  # fmt: skip
        approve(actor=staff[1], change=change)
