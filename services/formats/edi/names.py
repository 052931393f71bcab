"""Names of EDI files: what is in them, whose, and the how-manieth (formats.md 4.4). Pure."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.formats.errors import BadFile

CONTENTS: Final[dict[str, Promise]] = {
    "E": _("Entries"),
    "A": _("Amendments"),
    "F": _("Forecast grades"),
    "R": _("Results"),
    "G": _("Results with component marks"),
    "M": _("Centre-assessed marks"),
    "S": _("Syllabuses"),
    "O": _("Options"),
    "C": _("Components"),
    "L": _("Components of options"),
    "D": _("Combinations that are not allowed"),
    "Z": _("Basedata in one file"),
}
BASEDATA: Final = frozenset("SOCLDZ")
BOARDS: Final[dict[str, str]] = {
    "01": "OCR", "02": "Cambridge International", "10": "Pearson", "11": "Pearson", "14": "Pearson", "40": "WJEC", "41": "WJEC", "61": "CCEA", "70": "AQA",
}  # fmt: skip
"""A number belongs to a series rather than to a board, so a board has several: WJEC's 40 is GCSE and entry level, 41 GCE."""
_OF_CENTRE: Final = re.compile(r"([AEFGMR])([0-9]{5})([0-9]{2})\.X([0-9]{2})", re.IGNORECASE)
_OF_SERIES: Final = re.compile(r"([CDLOSZ])([1-9ABC][0-9A-Z][0-9]{2})_([0-9]{2})\.X([0-9]{2})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileName:
    """A name taken apart. `whose` is a centre number, or for basedata a series: month (A, B, C from October on), series letter, year."""

    contents: str
    whose: str
    board: str
    sequence: int

    def __str__(self) -> str:
        line = "_" if self.contents in BASEDATA else ""
        return f"{self.contents}{self.whose}{line}{self.board}.X{self.sequence % 100:02}"


def read_name(text: str) -> FileName:
    """Read a name, large or small letters alike. Raises `BadFile`."""
    found = _OF_CENTRE.fullmatch(text) or _OF_SERIES.fullmatch(text)
    if found is None:
        raise BadFile(
            _("“%(name)s” is not a name of an EDI file. It must be like R6819940.X01; do not rename the file") % {"name": text[:40]}
        )
    contents, whose, board, sequence = found.groups()
    return FileName(contents.upper(), whose.upper(), board, int(sequence))
