"""Make the demonstration's exams through the same deeds as real ones."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from permissions.models import Centre
from portal import clock
from services.exams.identifiers import make_uci
from services.exams.levels import LEVEL_OF, ExamLevel
from services.exams.models import Candidate, Entry, Item, Option, Qualification, Series, SeriesLevel, Subject
from services.releases.artefacts import Artefact
from services.releases.flow import approve, propose
from services.results.demo.catalogue import COURSES, FORENAMES, SHARES, SITTINGS, SURNAMES, UNIT_SHARES, Course
from services.results.issuing import Line, issue

_RESTRICTED, _GENERAL = time(0, 1), time(8, 0)
_RESULTS_DAYS: Final = {
    (2026, 6, ExamLevel.LEVEL_3): datetime(2026, 8, 13, tzinfo=UTC),
    (2026, 6, ExamLevel.LEVEL_2): datetime(2026, 8, 20, tzinfo=UTC),
}
"""What else there is has its results day tomorrow: a results day in progress, under embargo since midnight."""


@transaction.atomic
def make() -> None:
    """Make everything, unless there is an exam series already."""
    staff = list(User.objects.filter(is_staff=True).order_by("email")[:2])
    if Series.objects.exists() or len(staff) < 2:  # noqa: PLR2004  (a release takes two people)
        return
    options = {course.code: _options(course) for course in COURSES}
    for year, month, level, codes, edi_code, board, centres in SITTINGS:
        series, _made = Series.objects.get_or_create(year=year, month=month)
        SeriesLevel.objects.create(series=series, level=level, edi_code=edi_code, board_number=board)
        courses = [course for course in COURSES if course.code in codes]
        lines = [
            line
            for number, many in centres.items()
            for candidate in _candidates(Centre.objects.get(number=number), series, level, many)
            for line in _results(candidate, courses, options)
        ]
        Entry.objects.bulk_create(Entry(candidate_id=line.candidate, option_id=line.option) for line in lines)
        issue(actor=staff[0], series=series, level=level, lines=lines)
        _review(staff[0], series, level, lines)
        _release(staff, series, level, _RESULTS_DAYS.get((year, month, level), clock.now() + timedelta(days=1)))


def _options(course: Course) -> list[Option]:
    """Make a course; returns its award and its units."""
    titles = {"title_en": course.english, "title_cy": course.welsh}
    subject, _made = Subject.objects.get_or_create(slug=course.subject, defaults=titles)
    whole = Qualification.objects.create(subject=subject, kind=course.kind, level=LEVEL_OF[course.kind], code=course.code, **titles)
    award = Option.objects.create(qualification=whole, code=f"{course.code}QS", ums_max=sum(course.units) or None, **titles)
    units = [
        Option.objects.create(
            qualification=whole,
            code=f"{course.code}U{number}",
            item=Item.UNIT,
            ums_max=most,
            title_en=f"{course.english}: unit {number}",
            title_cy=f"{course.welsh}: uned {number}",
        )
        for number, most in enumerate(course.units, start=1)
    ]
    return [award, *units]


def _candidates(centre: Centre, series: Series, level: ExamLevel, many: int) -> list[Candidate]:
    first = 5001 if level is ExamLevel.LEVEL_3 else 1001
    made = [
        Candidate(
            centre=centre,
            series=series,
            number=f"{number:04}",
            uci=make_uci(centre=centre.number, year=2024 if level is ExamLevel.LEVEL_2 else 2022, candidate=f"{number:04}"),
            forenames=FORENAMES[number * 17 % len(FORENAMES)],
            surname=SURNAMES[number * 11 // 3 % len(SURNAMES)],
        ).prepared()
        for number in range(first, first + many)
    ]
    return Candidate.objects.bulk_create(made)


def _results(candidate: Candidate, courses: list[Course], options: dict[str, list[Option]]) -> Iterator[Line]:
    """Give a candidate some of the courses, each with marks that look like marks: most in the middle, some absent, pending or partly absent."""
    number = int(candidate.number)
    for place, course in enumerate(courses):
        draw = number * 31 + place * 57
        if draw % 5 == 0:
            continue
        award, *units = options[course.code]
        share = 22 + draw * 7 % 41 + draw * 13 % 31 + draw * 3 % 13 if draw % 53 else 0
        marks = [unit.ums_max * min(100, share + draw * position % 9) // 100 for position, unit in enumerate(units) if unit.ums_max]
        for unit, mark in zip(units, marks, strict=True):
            yield Line(candidate=candidate.pk, option=unit.pk, grade=_grade(course, mark, unit).lower(), ums=mark, ums_max=unit.ums_max)
        whole: dict[str, Any] = {"ums": sum(marks), "ums_max": award.ums_max} if units else {}
        if draw % 47 == 0:
            yield Line(candidate=candidate.pk, option=award.pk, indicator="X")
        elif draw % 61 == 0:
            yield Line(candidate=candidate.pk, option=award.pk, indicator="Q")
        else:
            got = sum(marks) * 100 // sum(course.units) if units else share
            grade = next(grade for least, grade in SHARES[course.kind].items() if got >= least)
            yield Line(candidate=candidate.pk, option=award.pk, grade=grade, indicator="#" if draw % 37 == 0 else "", **whole)


def _grade(course: Course, mark: int, unit: Option) -> str:
    return next(grade for least, grade in UNIT_SHARES[course.kind].items() if mark * 100 >= least * (unit.ums_max or 1))


def _review(actor: User, series: Series, level: ExamLevel, lines: list[Line]) -> None:
    """Issue one linear result anew, as after a review of marking."""
    reviewed = [Line(candidate=line.candidate, option=line.option, grade="B") for line in lines if line.ums is None and line.grade == "C"]
    if reviewed:
        issue(actor=actor, series=series, level=level, lines=reviewed[:1])


def _release(staff: list[User], series: Series, level: ExamLevel, results_day: datetime) -> None:
    day = clock.london(results_day).date()
    for kind in (Artefact.RESULTS, Artefact.RESULTS_FILE):
        change = propose(
            actor=staff[0],
            series=series,
            level=level,
            kind=kind,
            restricted_at=datetime.combine(day - timedelta(days=1), _RESTRICTED, tzinfo=clock.LONDON),
            general_at=datetime.combine(day, _GENERAL, tzinfo=clock.LONDON),
            reason="Demonstration",
            announced=kind is Artefact.RESULTS,
        )
        approve(actor=staff[1], change=change)
