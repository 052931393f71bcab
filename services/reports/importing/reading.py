"""Read a whole file of a kind: rows to issue, and what is wrong, counted and the first lines of it in words."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.exams.models import Series
from services.formats.csvs import reading
from services.formats.edi.names import read_name
from services.formats.errors import BadFile, LineError
from services.publishing.sources import files_in
from services.publishing.tally import Tally, Told
from services.reports.importing.boundaries import Boundaries
from services.reports.importing.cells import WrongLine
from services.reports.importing.items import Items
from services.reports.importing.marks import Marks
from services.reports.importing.profiles import COLUMNS
from services.reports.models import Report, ReportFile


def rows_of(run: ReportFile, tally: Tally, told: Told) -> Iterator[Any]:
    """Yield the rows of a file; wrong lines go to the tally. Raises `BadFile` for a file that cannot be used as a whole."""
    kind = Report(run.kind)
    taker = _taker(kind, run.series, run.level)
    for name, line in _lines_of(run.path, run.name, kind):
        tally.lines += 1
        if tally.lines % limits.SVC5_ROWS_AT_ONCE == 0:
            told(tally.lines)
        if isinstance(line, LineError):
            tally.refuse(name, line)
            continue
        try:
            yield from taker.take(line.cells)
        except WrongLine as refusal:
            tally.refuse(name, LineError(line.line, refusal.wrong, refusal.remedy, refusal.said))
    yield from taker.rest()


def _lines_of(path: Path, name: str, kind: Report) -> Iterator[tuple[str, reading.Row | LineError]]:
    most = limits.SVC6_MARKS if kind is Report.MARKS else limits.SVC6_ROWS
    for inner, stream in files_in(path, name):
        if _is_edi(inner):
            raise BadFile(_("“%(name)s” is an EDI file, and EDI has no lines for this. Use our CSV template") % {"name": inner[:80]})
        for line in reading.read(stream, COLUMNS[kind], most_rows=most):
            yield inner, line


def _is_edi(name: str) -> bool:
    try:
        read_name(name)
    except BadFile:
        return False
    return True


def _taker(kind: Report, series: Series, level: str) -> Boundaries | Items | Marks:
    if kind is Report.MARKS:
        return Marks(series, level)
    return Items(level) if kind is Report.ITEMS else Boundaries(kind, level)
