"""A file of candidates and what they are entered for: our own columns, each line checked as far as a line alone can be. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.basedata.loading import CORRECT, Rule, first_wrong
from services.exams.identifiers import BadUci, read_uci
from services.formats.csvs import reading
from services.formats.csvs.reading import Column
from services.formats.errors import LineError
from services.formats.lines import Stream

COLUMNS: Final = (
    Column("centre", _("Centre number"), 5, needed=True),
    Column("candidate", _("Candidate number"), 4, needed=True),
    Column("uci", _("UCI"), 20),
    Column("surname", _("Last name"), 80, needed=True),
    Column("forenames", _("First names"), 80),
    Column("option", _("Option code"), 6, needed=True),
    Column("withdrawn", _("Withdrawn"), 1),
)
_RULES: Final[tuple[Rule, ...]] = (
    ("centre", re.compile(r"[0-9]{5}"), _("The centre number “%(said)s” does not have 5 figures")),
    ("candidate", re.compile(r"(?!0000)[0-9]{4}"), _("The candidate number “%(said)s” is not 4 figures from 0001 on")),
    ("withdrawn", re.compile(r"Y?"), _("“%(said)s” must be Y for an entry that is withdrawn, or empty")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryLine:
    """One entry of a candidate."""

    line: int
    centre: str
    candidate: str
    uci: str
    surname: str
    forenames: str
    option: str
    withdrawn: bool

    @property
    def who(self) -> tuple[str, str]:
        """Centre and candidate number: one person in a series."""
        return self.centre, self.candidate

    @property
    def said(self) -> tuple[str, str, str]:
        """What it says of the person."""
        return self.uci, self.surname, self.forenames


def entries_in(stream: Stream) -> Iterator[EntryLine | LineError]:
    """Yield the lines of a file. Raises `BadFile` for its first line, or when it has too many rows."""
    for row in reading.read(stream, COLUMNS, most_rows=limits.SVC5_ENTRIES):
        if isinstance(row, LineError):
            yield row
            continue
        cells = dict(row.cells)
        wrong = first_wrong(row, _RULES)
        if wrong is not None:
            yield wrong
            continue
        try:
            uci = read_uci(cells["uci"]).text if cells["uci"] else ""
        except BadUci as refusal:
            yield LineError(row.line, refusal.message, CORRECT)
            continue
        rest = {name: cells[name] for name in ("centre", "candidate", "surname", "forenames", "option")}
        yield EntryLine(line=row.line, uci=uci, withdrawn=cells["withdrawn"] == "Y", **rest)
