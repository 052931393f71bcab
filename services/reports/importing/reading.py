"""Read a whole file of a kind: rows to issue, and what is wrong, counted and the first lines of it in words."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from portal import limits
from services.exams.models import Series
from services.formats.csvs import reading
from services.formats.errors import LineError
from services.reports.importing.boundaries import Boundaries
from services.reports.importing.cells import WrongLine
from services.reports.importing.items import Items
from services.reports.importing.marks import Marks
from services.reports.importing.profiles import COLUMNS
from services.reports.models import Report
from services.reports.models.issue import Versioned


@dataclass(slots=True)
class Tally:
    """What is wrong in a file, and how many lines it has."""

    lines: int = 0
    wrong: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, error: LineError) -> None:
        """Note a wrong line."""
        self.wrong += 1
        if len(self.errors) < limits.SVC5_ERRORS_SHOWN:
            self.errors.append({"line": error.line, "what": error.what, "todo": error.todo})


def rows_of(path: Path, kind: Report, series: Series, level: str, tally: Tally) -> Iterator[Versioned]:
    """Yield the rows of a file; wrong lines go to the tally. Raises `BadFile` for a file that cannot be used as a whole."""
    taker = _taker(kind, series, level)
    with path.open("rb") as stream:
        for line in reading.read(stream, COLUMNS[kind], most_rows=limits.SVC6_ROWS):
            tally.lines += 1
            if isinstance(line, LineError):
                tally.refuse(line)
                continue
            try:
                yield from taker.take(line.cells)
            except WrongLine as refusal:
                tally.refuse(LineError(line.line, refusal.wrong, refusal.remedy, refusal.said))
    yield from taker.rest()


def _taker(kind: Report, series: Series, level: str) -> Boundaries | Items | Marks:
    if kind is Report.MARKS:
        return Marks(series, level)
    return Items(level) if kind is Report.ITEMS else Boundaries(kind, level)
