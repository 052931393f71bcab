"""Reports for tests: boundaries, a paper with items and marks, and their release, each in a line."""

from collections.abc import Sequence
from typing import Any, Final

from permissions.models import Centre
from services.exams.models import Candidate, Component, OptionComponent, SeriesLevel
from services.releases.artefacts import Artefact
from services.reports.issuing import issue
from services.reports.models import ItemMark, NotionalBoundary, PaperItem, Report, ReportIssue, SubjectBoundary
from tests.exams import letters, make_option, make_sitting

KINDS: Final = (Artefact.SUBJECT_BOUNDARIES, Artefact.NOTIONAL_BOUNDARIES, Artefact.ITEM_DATA)
EVERYWHERE: Final = {"all": [4000, 3900, 150], "male": [2000, 1900, 140], "female": [2000, 2000, 160]}
GRADES: Final = [["A", 50, 80], ["B", 40, 70]]


def make_paper(code: str = "3300QS/01", title: str = "Mathematics: paper 1") -> Component:
    """Make a component of the option 3300QS, or return it."""
    paper, _made = Component.objects.get_or_create(code=code, defaults={"maximum": 60, "title_en": title, "title_cy": f"{title} (C)"})
    OptionComponent.objects.get_or_create(option=make_option(), component=paper)
    return paper


def publish(sitting: SeriesLevel, kind: Report, *rows: Any) -> ReportIssue:
    """Issue rows of a kind."""
    return issue(actor=None, kind=kind, series=sitting.series, level=sitting.level, rows=rows)


def subject(grades: Any = GRADES, *, tier: str = "", code: str = "3300QS", **more: Any) -> SubjectBoundary:
    """Make boundaries of an option."""
    return SubjectBoundary(option_id=make_option(code).pk, tier=tier, maximum=60, ums_maximum=100, grades=grades, **more)


def notional(grades: Any = (("A", 50, None),), *, tier: str = "") -> NotionalBoundary:
    """Make boundaries of a component."""
    return NotionalBoundary(component_id=make_paper().pk, tier=tier, maximum=60, grades=[list(grade) for grade in grades])


def item(label: str = "1", maximum: int = 4, *, figures: Any = None, **more: Any) -> PaperItem:
    """Make an item."""
    place = more.pop("place", int("".join(filter(str.isdigit, label)) or 0))
    return PaperItem(component_id=make_paper().pk, label=label, place=place, maximum=maximum, figures=figures or EVERYWHERE, **more)


def mark(candidate: Candidate, given: int | None = 2, label: str = "1", *, state: str = "", sex: str = "F", maximum: int = 4) -> ItemMark:
    """Make a mark of a candidate."""
    return ItemMark(
        centre_id=candidate.centre_id, candidate_id=candidate.pk, component_id=make_paper().pk, item=label, maximum=maximum, mark=given,
        state=state or ("M" if given is not None else "N"), sex=sex,
    )  # fmt: skip


def people(centre: Centre, sexes: Sequence[str], sitting: SeriesLevel | None = None) -> list[tuple[Candidate, str]]:
    """Make candidates with these sexes."""
    series = (sitting or make_sitting()).series
    there = {one.number: one for one in Candidate.objects.filter(centre=centre, series=series)}
    wanted = [f"{number:04}" for number in range(1, len(sexes) + 1)]
    rows = {
        number: Candidate(
            centre=centre, series=series, number=number, surname=f"Rhydderch {letters(int(number))}", forenames="Mali"
        ).prepared()
        for number in wanted
        if number not in there
    }
    Candidate.objects.bulk_create(rows.values())
    return [((there | rows)[number], sex) for number, sex in zip(wanted, sexes, strict=True)]


def make_reports(centre: Centre, sitting: SeriesLevel | None = None, sexes: Sequence[str] = "FFFFMMMM") -> list[Candidate]:
    """Publish boundaries of both kinds, a paper of two items, and marks of a centre's candidates; returns them."""
    sitting = sitting or make_sitting()
    publish(sitting, Report.SUBJECT, subject())
    publish(sitting, Report.NOTIONAL, notional())
    publish(sitting, Report.ITEMS, item("1"), item("2", 6))
    found = people(centre, sexes, sitting)
    rows = [mark(one, number % 4, "1", sex=sex) for number, (one, sex) in enumerate(found)]
    rows += [mark(one, number % 6, "2", sex=sex, maximum=6) for number, (one, sex) in enumerate(found)]
    publish(sitting, Report.MARKS, *rows)
    return [one for one, _sex in found]
