"""Write CSV files of fixed columns as a stream: every cell stays text in a spreadsheet (A110), and Welsh letters arrive whole."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from portal.web.spreadsheet import safe_cell
from services.formats.csvs.reading import Column

_MARK: Final = b"\xef\xbb\xbf"


def lines_of(columns: Sequence[Column], rows: Iterable[Mapping[str, object]]) -> Iterator[bytes]:
    """Yield the first line and a line for each row; with no rows this is the template."""
    yield _MARK + _line([column.name for column in columns])
    for row in rows:
        yield _line([safe_cell(row.get(column.name)) for column in columns])


def _line(cells: Sequence[str]) -> bytes:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow(cells)
    return sheet.getvalue().encode()
