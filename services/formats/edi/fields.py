"""What may stand in a field of an EDI line, and how a value is written into one. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto
from typing import Final

from django.utils.functional import Promise

_NOT_IN_NAMES: Final = re.compile(r"[^A-Z'.():/ -]")
_NAME_LONGEST: Final = 40
_APOSTROPHES: Final = str.maketrans("’‘`´ʼ", "'''''")  # noqa: RUF001  the signs themselves
_DAY: Final = "%d%m%y"


class Kind(Enum):
    """How a field is filled: words to the left, figures to the right with zeros, days as DDMMYY, Y or blank, anything."""

    WORDS = auto()
    FIGURES = auto()
    DAY = auto()
    FLAG = auto()
    UNREAD = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """A field by its official positions: the first and the last character, counted from 1."""

    name: str
    first: int
    last: int
    label: Promise
    kind: Kind = Kind.WORDS
    needed: bool = False

    @property
    def width(self) -> int:
        """How many characters it has."""
        return self.last - self.first + 1

    def of(self, text: str) -> str:
        """Return what stands there in a line, without the blanks around it."""
        return text[self.first - 1 : self.last].strip(" ")

    def right(self, text: str) -> bool:
        """Say whether what stands there in a line can be what it should be."""
        said = self.of(text)
        if not said:
            return not self.needed
        if self.kind is Kind.FIGURES:
            return said.isdigit()
        if self.kind is Kind.DAY:
            return day_of(said) is not None
        return self.kind is not Kind.FLAG or said in {"Y", "N"}

    def filled(self, value: object) -> str:
        """Return a value as it stands in a line. Raises `ValueError` for one that has no place there."""
        text = self._said(value)
        if len(text) > self.width or not (text.isascii() and text.isprintable()) or text != text.strip(" ") or not self._fits(text):
            raise ValueError(f"{value!r} has no place in {self.name}, {self.width} characters wide")
        return text.rjust(self.width, "0") if self.kind is Kind.FIGURES and text else text.ljust(self.width)

    def _said(self, value: object) -> str:
        if value is None or value is False:
            return ""
        if value is True:
            return "Y"
        return value.strftime(_DAY) if isinstance(value, date) else str(value)

    def _fits(self, text: str) -> bool:
        return self.right(" " * (self.first - 1) + text)


def day_of(text: str) -> date | None:
    """Return the day that six figures mean, in this century; None for anything else."""
    try:
        found = datetime.strptime(text, _DAY).date() if len(text) == 6 and text.isascii() and text.isdigit() else None  # noqa: DTZ007, PLR2004  a day, not an instant
    except ValueError:
        return None
    return found and found.replace(year=2000 + found.year % 100)


def name_of(surname: str, forenames: str) -> str:
    """Write a name as the boards do: SURNAME:FORENAMES in plain capitals, without accents, cut at 40; the colon stays without forenames."""
    return f"{plain_name(surname)}:{plain_name(forenames)}"[:_NAME_LONGEST].rstrip()


def plain_name(text: str) -> str:
    """Write a part of a name in plain capitals: no accents, no signs but those that EDI names have."""
    apart = unicodedata.normalize("NFKD", text.translate(_APOSTROPHES)).upper()
    return " ".join(_NOT_IN_NAMES.sub("", apart.replace(":", " ")).split())
