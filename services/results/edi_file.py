"""The results file as EDI: one file of type R of a centre, in the layout that docs/formats.md describes; the same results make the same bytes."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, Final

from django.db.models import QuerySet

from permissions.models import Centre
from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import SeriesLevel
from services.formats.edi.fields import plain_name
from services.formats.edi.names import FileName
from services.formats.edi.records import Record
from services.formats.edi.writing import Heading, centre_file, to_bytes
from services.formats.results import ResultLine, to_record
from services.releases.sittings import OpenSitting
from services.results.models import Result

_MONTHS: Final = "123456789ABC"
_USUAL: Final = {ExamLevel.LEVEL_3: ("A", "41"), ExamLevel.LEVEL_2: ("G", "40"), ExamLevel.ENTRY: ("C", "40")}
"""Series letter and board number as the board has always used them, where the series says nothing of its own."""
_NAME_LONGEST: Final = 40
_COLUMNS: Final = (
    "candidate__number", "candidate__uci", "candidate__surname", "candidate__forenames", "option__code", "grade", "indicator", "endorsement",
    "ums", "ums_max", "version", "issue__number", "issue__issued_at",
)  # fmt: skip


def edi_of(centre: Centre, sitting: OpenSitting, rows: QuerySet[Result]) -> tuple[int, str, bytes]:
    """Return the number of the latest issue among some results (0: there are none), the file's name and its content."""
    found = list(rows.order_by("candidate__number", "option__code").values_list(*_COLUMNS))
    if not found:
        return 0, "", b""
    latest, issued_at = max((row[-2], row[-1]) for row in found)
    heading = _heading(centre, sitting, latest, issued_at)
    name = FileName("R", centre.number, heading.board, latest)
    records = centre_file("R", heading, [(centre.number, plain_name(centre.name)[:_NAME_LONGEST].rstrip(), _details(centre, found))])
    return latest, str(name), b"".join(to_bytes(records))


def _heading(centre: Centre, sitting: OpenSitting, latest: int, issued_at: datetime) -> Heading:
    letter, board = _USUAL[sitting.level]
    said = SeriesLevel.objects.filter(series=sitting.series, level=sitting.level).first()
    code = (said and said.edi_code) or f"{_MONTHS[sitting.series.month - 1]}{letter}"
    return Heading(
        board=(said and said.board_number) or board,
        series=f"{code}{sitting.series.year % 100:02}",
        sequence=latest % 1000,
        made_on=_day(issued_at),
        centre=centre.number,
    )


def _day(instant: datetime) -> date:
    return clock.london(instant).date()


def _details(centre: Centre, found: list[tuple[Any, ...]]) -> Iterator[Record]:
    for candidate, uci, surname, forenames, option, grade, indicator, endorsement, ums, most, version, _number, _at in found:
        line = ResultLine(
            line=0, centre=centre.number, candidate=candidate, uci=uci, surname=surname, forenames=forenames, option=option, grade=grade,
            indicator=indicator, endorsement=endorsement, ums=ums, ums_max=most,
        )  # fmt: skip
        yield to_record(line, reissued=version > 1)
