"""Exams for tests: a sitting, options, candidates, results and their release, each in a line."""

from datetime import datetime, timedelta

from permissions.models import Centre
from portal import clock
from services.exams.levels import LEVEL_OF, ExamLevel, QualificationKind
from services.exams.models import Candidate, Item, Option, Qualification, Series, SeriesLevel, Subject
from services.releases.artefacts import Artefact
from services.releases.models import Release
from services.results.issuing import Line, issue
from services.results.models import Issue

HOUR = timedelta(hours=1)
BOTH = (Artefact.RESULTS, Artefact.RESULTS_FILE)


def make_sitting(level: ExamLevel = ExamLevel.LEVEL_2, year: int = 2026, month: int = 11) -> SeriesLevel:
    """Make a level of a series, or return it."""
    series, _made = Series.objects.get_or_create(year=year, month=month)
    return SeriesLevel.objects.select_related("series").get_or_create(series=series, level=level)[0]


def make_option(
    code: str = "3300QS", title: str = "Mathematics", kind: QualificationKind = QualificationKind.GCSE, item: Item = Item.CERTIFICATE
) -> Option:
    """Make an option with its qualification and subject, or return it."""
    titles = {"title_en": title, "title_cy": f"{title} (C)"}
    subject, _made = Subject.objects.get_or_create(slug=title.lower().replace(" ", "-"), defaults=titles)
    known = {"subject": subject, "kind": kind, "level": LEVEL_OF[kind], **titles}
    qualification, _made = Qualification.objects.get_or_create(code=code[:4], defaults=known)
    return Option.objects.get_or_create(code=code, defaults={"qualification": qualification, "item": item, **titles})[0]


def make_candidate(centre: Centre, sitting: SeriesLevel, number: int = 1, surname: str = "Rhydderch", forenames: str = "Mali") -> Candidate:
    """Make a candidate, or return them."""
    names = {"surname": surname, "forenames": forenames}
    return Candidate.objects.get_or_create(centre=centre, series=sitting.series, number=f"{number:04}", defaults=names)[0]


def give(candidate: Candidate, option: Option, grade: str = "B", **more: object) -> Issue:
    """Issue one result."""
    line = Line(candidate=candidate.pk, option=option.pk, grade=grade, **more)  # type: ignore[arg-type]
    return issue(actor=None, series=candidate.series, level=ExamLevel(option.qualification.level), lines=[line])


def make_results(centre: Centre, sitting: SeriesLevel | None = None, many: int = 2) -> list[Candidate]:
    """Give candidates of a centre a result each in a GCSE, or an A level where the sitting is one."""
    sitting = sitting or make_sitting()
    upper = sitting.level == ExamLevel.LEVEL_3
    option = make_option("1300QS", kind=QualificationKind.A_LEVEL) if upper else make_option()
    rows = [
        Candidate(
            centre=centre, series=sitting.series, number=f"{number:04}", surname=f"Rhydderch {letters(number)}", forenames="Mali"
        ).prepared()
        for number in range(1, many + 1)
    ]
    Candidate.objects.bulk_create(rows)
    lines = [Line(candidate=row.pk, option=option.pk, grade="B") for row in rows]
    issue(actor=None, series=sitting.series, level=ExamLevel(sitting.level), lines=lines)
    return rows


def letters(number: int) -> str:
    """Write a number so that names with it sort as the numbers do."""
    return "".join(chr(ord("a") + number // 26**place % 26) for place in (2, 1, 0))


def release(sitting: SeriesLevel, *kinds: Artefact, restricted: datetime | None = None, general: datetime | None = None) -> None:
    """Set when a sitting's results (and their file) are released: unless said, restricted two hours ago and general one hour ago."""
    now = clock.now()
    general = general or now - HOUR
    times = {"restricted_at": restricted or min(general, now - 2 * HOUR), "general_at": general}
    for kind in kinds or BOTH:
        Release.objects.update_or_create(series=sitting.series, level=sitting.level, kind=kind, defaults=times)
