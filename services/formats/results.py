"""A result as a file says it, whichever format: read from our CSV profile or from EDI, checked as far as a line alone can be, and written to both. Pure."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits
from services.exams.identifiers import BadUci, read_uci
from services.formats.csvs import reading, writing
from services.formats.csvs.reading import Column
from services.formats.edi.fields import name_of
from services.formats.edi.reading import read
from services.formats.edi.records import Record, make
from services.formats.edi.structure import checked
from services.formats.errors import LineError
from services.formats.lines import Stream

COLUMNS: Final = (
    Column("centre", _("Centre number"), 5, needed=True),
    Column("candidate", _("Candidate number"), 4, needed=True),
    Column("uci", _("UCI"), 20),
    Column("surname", _("Last name"), 80, needed=True),
    Column("forenames", _("First names"), 80),
    Column("option", _("Option code"), 6, needed=True),
    Column("grade", _("Grade"), 4),
    Column("indicator", _("Indicator"), 1),
    Column("endorsement", _("Endorsement"), 2),
    Column("ums", _("Uniform mark"), 4),
    Column("ums_max", _("Maximum uniform mark"), 4),
)
_GRADE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9*-]{0,3}")
_ENDORSEMENT: Final = re.compile(r"[A-Za-z0-9*]{0,2}")
_CODE: Final = re.compile(r"[0-9A-Z]{1,6}")
_INSTEAD: Final = frozenset("XQ")
_PARTLY: Final = "#"
_CORRECT: Final = _("Correct this line where it comes from and choose the file again")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultLine:
    """One result: whose, in what, and what it is. Grade and indicator (X, Q, #) stand apart; `unchecked`: nobody can check this UCI's letter."""

    line: int
    centre: str
    candidate: str
    uci: str = ""
    surname: str
    forenames: str = ""
    option: str
    grade: str = ""
    indicator: str = ""
    endorsement: str = ""
    ums: int | None = None
    ums_max: int | None = None
    unchecked: bool = False


@dataclass(frozen=True, slots=True)
class Expected:
    """What the first line of an EDI file must say: the series as in 6A26, and the board's number in it. Empty: anything."""

    series: str = ""
    board: str = ""


def from_csv(stream: Stream) -> Iterator[ResultLine | LineError]:
    """Yield the results of a file in our CSV profile. Raises `BadFile` for its first line, or when it has too many rows."""
    for row in reading.read(stream, COLUMNS, most_rows=limits.SVC5_ROWS):
        yield row if isinstance(row, LineError) else _result(row.line, row.cells)


def from_edi(stream: Stream, expected: Expected) -> Iterator[ResultLine | LineError]:
    """Yield the results of an EDI file of type R."""
    for record in checked(read(stream)):
        if isinstance(record, LineError):
            yield record
        elif record.kind[0] != "R":
            yield LineError(
                record.line, _("This is not a file of results: its lines begin with R"), _("Choose the file whose name begins with R")
            )
            return
        elif record.kind == "R1" and (error := _of_another(record, expected)) is not None:
            yield error
        elif record.kind == "R5":
            yield _result(record.line, _cells(record))


def to_csv(results: Iterable[ResultLine]) -> Iterator[bytes]:
    """Yield a file in our CSV profile; without results, the template."""
    rows = ({column.name: getattr(result, column.name) for column in COLUMNS} for result in results)
    return writing.lines_of(COLUMNS, rows)


def to_record(result: ResultLine, *, reissued: bool = False) -> Record:
    """Return a result as a line of an EDI file. Raises `ValueError` for what has no place in one."""
    return make(
        "R5", centre=result.centre, candidate=result.candidate, uci=result.uci, name=name_of(result.surname, result.forenames), option=result.option,
        grade=result.grade or result.indicator, grade_2=_PARTLY if result.indicator == _PARTLY else "", endorsement=result.endorsement,
        ums=result.ums, maximum=result.ums_max, partly_absent=result.indicator == _PARTLY, reissued=reissued,
    )  # fmt: skip


def _cells(record: Record) -> dict[str, str]:
    """Say a line of EDI in the words of our profile."""
    surname, _colon, forenames = record["name"].partition(":")
    grade, partly = record["grade"], _PARTLY in {record["grade_2"], record["grade"]} or record.flag("partly_absent")
    instead = grade if grade in _INSTEAD | {_PARTLY} else ""
    said = {name: record[name] for name in ("centre", "candidate", "uci", "option", "endorsement", "ums")}
    return said | {
        "surname": surname, "forenames": forenames, "grade": "" if instead else grade, "ums_max": record["maximum"],
        "indicator": instead if instead in _INSTEAD else _PARTLY if partly else "",
    }  # fmt: skip


def _of_another(header: Record, expected: Expected) -> LineError | None:
    for name, said in (("series", expected.series), ("board", expected.board)):
        if said and header[name] != said:
            values = {"said": header[name], "expected": said}
            return LineError(
                header.line, _OTHER[name], _("Choose the file of this series and level, or publish it where it belongs"), values
            )
    return None


_OTHER: Final = {
    "series": _("The file is of series %(said)s, and these results are of %(expected)s"),
    "board": _("The file has the board number %(said)s, and this series has %(expected)s"),
}


def _result(line: int, cells: Mapping[str, str]) -> ResultLine | LineError:
    """Read one line, or say the first thing that is wrong with it."""
    for name, fits, wrong in _RULES:
        if not fits(cells[name]):
            return LineError(line, wrong, _CORRECT, {"said": cells[name]})
    try:
        uci = read_uci(cells["uci"]) if cells["uci"] else None
    except BadUci as refusal:
        return LineError(line, _("UCI “%(said)s”: %(why)s"), _CORRECT, {"said": cells["uci"], "why": refusal.message})
    grade, indicator = cells["grade"], cells["indicator"].upper()
    if not grade and not indicator:
        return LineError(line, _("There is neither a grade nor an indicator"), _("Give a grade, or X for no result, or Q for pending"))
    if grade and indicator in _INSTEAD:
        return LineError(
            line, _("There is a grade and %(said)s, which stands instead of a grade"), _("Leave one of them empty"), {"said": indicator}
        )
    ums, most = (int(cells[name]) if cells[name] else None for name in ("ums", "ums_max"))
    if ums is not None and (most is None or ums > most):
        said = {"ums": ums, "most": "-" if most is None else most}
        return LineError(line, _("The uniform mark %(ums)s is not within its maximum (%(most)s)"), _CORRECT, said)
    names = {name: cells[name] for name in ("centre", "candidate", "surname", "forenames", "option", "endorsement")}
    return ResultLine(
        line=line, uci=str(uci or ""), unchecked=uci is not None and uci.unchecked, grade=grade, indicator=indicator, ums=ums, ums_max=most, **names
    )  # fmt: skip


def _figures(count: int) -> Callable[[str], bool]:
    return lambda text: len(text) == count and text.isascii() and text.isdigit()


def _mark(text: str) -> bool:
    return not text or (text.isascii() and text.isdigit())


_RULES: Final[tuple[tuple[str, Callable[[str], object], Promise], ...]] = (
    ("centre", _figures(5), _("The centre number “%(said)s” does not have five figures")),
    (
        "candidate",
        lambda text: _figures(4)(text) and text != "0000",
        _("The candidate number “%(said)s” does not have four figures, from 0001 on; a spreadsheet may have dropped zeros"),
    ),
    ("surname", bool, _("The last name is empty")),
    ("option", _CODE.fullmatch, _("The option code “%(said)s” is not made of figures and capitals")),
    ("grade", lambda text: not text or _GRADE.fullmatch(text), _("“%(said)s” cannot be a grade")),
    ("indicator", lambda text: text.upper() in {"", _PARTLY} | _INSTEAD, _("“%(said)s” is not an indicator: X, Q and # are")),
    ("endorsement", _ENDORSEMENT.fullmatch, _("“%(said)s” cannot be an endorsement")),
    ("ums", _mark, _("The uniform mark “%(said)s” is not a whole number")),
    ("ums_max", _mark, _("The maximum uniform mark “%(said)s” is not a whole number")),
)
