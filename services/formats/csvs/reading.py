"""Read a CSV file of fixed columns line by line, in constant memory: each line is a row, or an error in words."""

import csv
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits
from services.formats.errors import BadFile, LineError
from services.formats.lines import Stream, numbered

_UTF8_MARK: Final = b"\xef\xbb\xbf"
_UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")
_WORKBOOKS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_DELIMITERS: Final = (",", ";", "\t")
_FORMULA: Final = frozenset("=+-@|")
_SAVE_AGAIN: Final = _("Save the file as “CSV UTF-8” and choose it again")
_CORRECT: Final = _("Correct this line in the file and choose the file again")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its name in the first line, its name for people, the most characters of a cell, and what a cell may say in spite of its first sign."""

    name: str
    label: Promise
    longest: int
    needed: bool = False
    plain: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """A line of cells by the names of their columns."""

    line: int
    cells: Mapping[str, str]


class _Letters:
    """Which letters a file is written in: the first line with more than plain letters decides."""

    def __init__(self) -> None:
        self.codec = ""

    def text(self, line: bytes) -> str | None:
        """Return a line as text, None for one that is written otherwise than those before."""
        if line.isascii():
            return line.decode("ascii")
        for codec in (self.codec,) if self.codec else ("utf-8", "cp1252"):
            try:
                text = line.decode(codec)
            except UnicodeDecodeError:
                continue
            self.codec = codec
            return text
        return None


def read(stream: Stream, columns: Sequence[Column], *, most_rows: int) -> Iterator[Row | LineError]:
    """Yield the rows of a file: UTF-8 with or without its mark, or Windows-1252; commas, semicolons or tabs. Empty lines are passed over.

    Raises `BadFile` when the first line is not that of the template, and when there are more rows than `most_rows`.
    """
    letters = _Letters()
    lines = numbered(stream, limits.SVC5_LINE_BYTES)
    _one, first = next(lines, (1, b""))
    delimiter, names = _head(first, letters, columns)
    by_name = {column.name: column for column in columns}
    rows = 0
    for number, line in lines:
        if line is not None and not line.strip(b" \t\r\n,;"):
            continue
        rows += 1
        if rows > most_rows:
            raise BadFile(_("The file has more than %(most)s rows. Divide it") % {"most": most_rows})
        yield _row(number, line, letters, delimiter, [by_name[name] for name in names])


def _head(first: bytes | None, letters: _Letters, columns: Sequence[Column]) -> tuple[str, list[str]]:
    """Read the first line. Returns what parts the cells, and the names of the columns in the file's order."""
    if first is None or first.startswith((*_UTF16_MARKS, *_WORKBOOKS)):
        raise BadFile(_("This is not a CSV file that we can read. Save it as “CSV UTF-8” and choose it again"))
    text = letters.text(first.removeprefix(_UTF8_MARK)) or ""
    delimiter = max(_DELIMITERS, key=text.count)
    names = [cell.strip().casefold() for cell in _cells(text, delimiter) or []]
    known = [column.name for column in columns]
    for name in names:
        if name not in known:
            raise BadFile(_("The first line has the column “%(name)s”, which our template does not have") % {"name": name[:40]})
        if names.count(name) > 1:
            raise BadFile(_("The first line has the column “%(name)s” twice") % {"name": name})
    missing = [name for name in known if name not in names]
    if missing:
        raise BadFile(_("The first line must have the column “%(name)s”. Use our template") % {"name": missing[0]})
    return delimiter, names


def _row(number: int, line: bytes | None, letters: _Letters, delimiter: str, columns: Sequence[Column]) -> Row | LineError:
    if line is None:
        return LineError(number, _("The line has more than %(most)s bytes"), _CORRECT, {"most": limits.SVC5_LINE_BYTES})
    text = letters.text(line)
    if text is None:
        return LineError(number, _("The line is written in other letters than the lines before it"), _SAVE_AGAIN)
    cells = _cells(text, delimiter)
    if cells is None:
        return LineError(number, _("A quotation mark opens a cell and never closes it, or stands in the middle of one"), _CORRECT)
    if len(cells) != len(columns):
        said = {"cells": len(cells), "columns": len(columns)}
        return LineError(number, _("The line has %(cells)s cells, and the first line has %(columns)s columns"), _CORRECT, said)
    for column, cell in zip(columns, cells, strict=True):
        if (wrong := _wrong(column, cell)) is not None:
            return LineError(number, wrong, _CORRECT, {"label": column.label, "most": column.longest})
    return Row(number, {column.name: cell for column, cell in zip(columns, cells, strict=True)})


def _wrong(column: Column, cell: str) -> Promise | None:
    if column.needed and not cell:
        return _("%(label)s is empty")
    if len(cell) > column.longest:
        return _("%(label)s has more than %(most)s characters")
    if not cell.isprintable():
        return _("%(label)s has a sign that cannot be seen")
    if unicodedata.normalize("NFKC", cell[:1]) in _FORMULA and cell not in column.plain:
        return _("%(label)s begins with a sign that a spreadsheet would take for a formula")
    return None


def _cells(text: str, delimiter: str) -> list[str] | None:
    """Take a line apart; None when its quotation marks are wrong."""
    try:
        return [" ".join(cell.split(" ")).strip() for cell in next(csv.reader([text], delimiter=delimiter, strict=True), [])]
    except csv.Error:
        return None
