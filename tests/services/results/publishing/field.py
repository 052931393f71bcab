"""A small field of exams to publish results in, and files of results."""

from dataclasses import dataclass
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from services.exams.identifiers import make_uci
from services.exams.levels import ExamLevel, QualificationKind
from services.exams.models import Option, Qualification, Series, SeriesLevel, Subject
from services.formats.edi.writing import centre_file, to_bytes
from services.formats.results import ResultLine, to_csv, to_record
from services.publishing.work import work
from services.results.publishing.models import ResultsImport
from tests.services.formats.edi_files import HEADING


@dataclass
class Field:
    """A series with its level and an option or two."""

    where: SeriesLevel
    options: list[Option]


def make_field() -> Field:
    """Make them."""
    series = Series.objects.create(year=2026, month=6)
    where = SeriesLevel.objects.create(series=series, level=ExamLevel.LEVEL_2, edi_code="6A", board_number="40")
    titles = {"title_en": "Mathematics", "title_cy": "Mathemateg"}
    subject = Subject.objects.create(slug="mathematics", **titles)
    gcse = Qualification.objects.create(subject=subject, kind=QualificationKind.GCSE, level=ExamLevel.LEVEL_2, code="3300", **titles)
    a_level = Qualification.objects.create(subject=subject, kind=QualificationKind.A_LEVEL, level=ExamLevel.LEVEL_3, code="1300", **titles)
    Option.objects.create(qualification=a_level, code="1300QS", **titles)
    return Field(where, [Option.objects.create(qualification=gcse, code=code, ums_max=400, **titles) for code in ("3300QS", "3310QS")])


def line(number: int = 1, **values: Any) -> ResultLine:
    """Make a result of candidate so-and-so."""
    centre = values.get("centre", "68001")
    said = {
        "line": 0, "centre": centre, "candidate": f"{number:04}", "uci": make_uci(centre=centre, year=2024, candidate=f"{number:04}"),
        "surname": "Morgan", "forenames": "Siân", "option": "3300QS", "grade": "B",
    }  # fmt: skip
    return ResultLine(**(said | values))


def csv_of(*lines: ResultLine) -> bytes:
    """Write a CSV file."""
    return b"".join(to_csv(lines))


def edi_of(*lines: ResultLine) -> bytes:
    """Write an EDI file of one centre."""
    return b"".join(to_bytes(centre_file("R", HEADING, [("68001", "YSGOL GLAN Y MOR", [to_record(one) for one in lines])])))


def upload(browser: Any, field: Field, content: bytes, name: str = "results.csv") -> ResultsImport:
    """Bring a file by the page, and have it checked."""
    answer = browser.post(
        reverse("admin:publishing_resultsimport_add"), {"where": field.where.pk, "file": SimpleUploadedFile(name, content)}
    )
    assert answer.status_code == 302, answer.content.decode()
    run = ResultsImport.objects.order_by("-made_at")[0]
    assert work(run.pk)
    run.refresh_from_db()
    return run


def publish(browser: Any, run: ResultsImport, reason: str = "") -> Any:
    """Order the publishing by the page, and have it done."""
    answer = browser.post(reverse("admin:results-import-publish", args=[run.pk]), {"reason": reason})
    work(run.pk)
    run.refresh_from_db()
    return answer
