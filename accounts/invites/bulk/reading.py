"""A file's bytes as a head line and rows of text: what spreadsheets of every kind write as CSV. Pure; never an error but `BadFile`."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.refusal import Refusal

_DELIMITERS: Final = (",", ";", "\t")
_MOST_COLUMNS: Final = 100
_MOST_LINES: Final = 20 * limits.P21_CSV_ROWS  # empty ones too
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CONTROLS: Final = frozenset(chr(code) for code in range(32)) - frozenset("\t\r\n")


class BadFile(Refusal):
    """The file as a whole cannot be used."""

    field = "file"
    message = _("This file cannot be read as CSV. Use our template and save it as CSV")


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a file holds: the words of its first line, and every other line that is not empty with its number (the first line is 1)."""

    head: list[str]
    rows: list[tuple[int, list[str]]]


def sheet_of(content: bytes) -> Sheet:
    """Read a file: UTF-8 with or without its mark, UTF-16 with it, else Windows-1252; commas, semicolons or tabs. Raises `BadFile`."""
    if len(content) > limits.P21_UPLOAD_BYTES:
        raise BadFile(_("The file must be smaller than 5 MB"))
    if content.startswith(_WORKBOOKS):
        raise BadFile(_("This is a workbook. Open it in your spreadsheet and save it as CSV"))
    lines = _lines(_text(content))
    number, head = next(lines, (0, []))
    if not head:
        raise BadFile(_("The file is empty"))
    if number == 1 and head[0].casefold().startswith("sep="):
        number, head = next(lines, (0, []))
    rows: list[tuple[int, list[str]]] = []
    for line in lines:
        if len(rows) == limits.P21_CSV_ROWS:
            raise BadFile(_("The file must have 500 people or fewer"))
        rows.append(line)
    if not rows:
        raise BadFile(_("The file has no people in it. Fill in a row for each person under the first line"))
    return Sheet(head, rows)


def _text(content: bytes) -> str:
    codecs = ("utf-16",) if content.startswith(_UTF16) else ("utf-8-sig", "cp1252")
    for codec in codecs:
        try:
            text = content.decode(codec)
        except UnicodeDecodeError:
            continue
        if _CONTROLS.isdisjoint(text):
            return text
        break
    raise BadFile()


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the lines that say something, with their numbers as a spreadsheet counts them."""
    first = text.partition("\n")[0]
    if first.casefold().startswith("sep="):
        first = text.partition("\n")[2].partition("\n")[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), 1):
            if len(cells) > _MOST_COLUMNS or number > _MOST_LINES:
                raise BadFile()
            if any(cell.strip() for cell in cells):
                yield number, [" ".join(cell.split()) for cell in cells]
    except csv.Error:
        raise BadFile() from None
