"""CSV files that people open in a spreadsheet: no cell of ours is ever read as a formula (A110), and Welsh letters arrive whole."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Final

from django.http import HttpResponse

_FORMULA: Final = frozenset("=+-@\t\r\n|%")
"""What a spreadsheet may take for the beginning of a formula or a command; full-width and small forms are folded into these first."""
_UNSEEN: Final = " \N{NO-BREAK SPACE}\N{IDEOGRAPHIC SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
_BYTE_ORDER_MARK: Final = "\ufeff"
"""Without it a spreadsheet takes UTF-8 for something older and breaks ŵ and ŷ."""


def safe_cell(value: object) -> str:
    """Return a value as text that stays text: an apostrophe goes before anything that could begin a formula, behind spaces too.

    A whole number of ours is one in a spreadsheet too, with its sign (-2 in files of boundaries).
    """
    if isinstance(value, int):
        return str(value)
    text = "" if value is None else str(value).replace("\0", "")
    begins = unicodedata.normalize("NFKC", text.lstrip(_UNSEEN)[:1] or text[:1])
    return f"'{text}" if begins in _FORMULA else text


def csv_bytes(*, header: Sequence[object], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a CSV file; every cell goes through `safe_cell`."""
    sheet = io.StringIO(newline="")
    sheet.write(_BYTE_ORDER_MARK)
    writer = csv.writer(sheet)
    for row in (header, *rows):
        writer.writerow([safe_cell(value) for value in row])
    return sheet.getvalue().encode()


def csv_answer(*, name: str, header: Sequence[object], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """Answer with a CSV file to save. `name` is our own, in plain letters."""
    answer = HttpResponse(csv_bytes(header=header, rows=rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer
