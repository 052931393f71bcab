"""The two numbers of a candidate: UCI (13 characters, ends in a check letter) and ULN (10 figures). Pure; formats.md 4.2 and 4.3."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal

_LETTERS: Final = "ABCDEFGHKLMRTVWXY"
"""The check letter of each remainder; I, J, N, O, P, Q, S, U and Z never occur."""
_WEIGHTS: Final = range(16, 4, -1)
_MARKS: Final = {letter: value for value, letter in enumerate("ABCDEFGHIJKLMNOP", 1)}
"""What a letter in position 6 counts. For Q to Z the published programs disagree, so such a UCI cannot be checked."""
_TWELVE: Final = r"[0-9]{5}[0-9A-Z][0-9]{6}"
_FIRST: Final = re.compile(_TWELVE)
_WHOLE: Final = re.compile(rf"{_TWELVE}[{_LETTERS}]")
_FILLING: Final = re.compile(r"[\s.\-/]+")
_WITHOUT_LETTER: Final = 12
_UCI_LENGTH: Final = 13
_ULN_LENGTH: Final = 10
_ULN_UNKNOWN: Final = "9" * _ULN_LENGTH


class BadUci(Refusal):
    """A text that is no UCI."""

    field = "uci"
    message = _("Enter a UCI as 12 figures and a letter, like 681990012058G")


class BadUln(Refusal):
    """A text that is no ULN."""

    field = "uln"
    message = _("Enter a ULN as 10 figures, like 1000000043")


@dataclass(frozen=True, slots=True)
class Uci:
    """A UCI with all its 13 characters. `completed`: we added the letter. `unchecked`: nobody can say whether the letter is right."""

    text: str
    completed: bool = False
    unchecked: bool = False

    def __str__(self) -> str:
        return self.text

    @property
    def centre(self) -> str:
        """The number of the centre that issued it, which may not be today's."""
        return self.text[:5]

    @property
    def year(self) -> str:
        """The last two figures of the academic year of issue: 14 for 2014/15."""
        return self.text[6:8]


def read_uci(text: str) -> Uci:
    """Read a UCI as people type it: spaces and hyphens do not count, small letters do, a missing check letter is added. Raises `BadUci`."""
    said = _FILLING.sub("", text).upper()
    if not said:
        raise BadUci(_("Enter a UCI"))
    if len(said) not in {_WITHOUT_LETTER, _UCI_LENGTH}:
        raise BadUci(_("A UCI has 13 characters, and this has %(count)s. Check that none is missing or doubled") % {"count": len(said)})
    if not (_FIRST if len(said) == _WITHOUT_LETTER else _WHOLE).fullmatch(said):
        raise BadUci()
    letter = check_letter(said[:_WITHOUT_LETTER])
    if len(said) == _WITHOUT_LETTER:
        if letter is None:
            raise BadUci(_("We cannot work out the last letter of this UCI. Enter all 13 characters"))
        return Uci(said + letter, completed=True)
    if letter is None:
        return Uci(said, unchecked=True)
    if said[-1] != letter:
        raise BadUci(_("The last letter of this UCI does not belong to its figures. Compare each character"))
    return Uci(said)


def make_uci(*, centre: str, year: int, candidate: str) -> str:
    """Make the UCI that a centre issues in an academic year (its first calendar year) to a candidate number."""
    first = f"{centre}0{year % 100:02}{candidate}"
    if not _FIRST.fullmatch(first):
        raise ValueError(f"no UCI can be made of {first}")
    return first + str(check_letter(first))


def check_letter(first: str) -> str | None:
    """Return the letter that 12 well-formed characters ask for; None when position 6 has a letter of which nobody knows what it counts."""
    if first[5] in "QRSTUVWXYZ":
        return None
    counts = (_MARKS.get(character) or int(character) for character in first)
    total = sum(weight * count for weight, count in zip(_WEIGHTS, counts, strict=True))
    return _LETTERS[total % len(_LETTERS)]


def read_uln(text: str) -> str:
    """Read a ULN. Raises `BadUln` for one that can never have been issued, and for 9999999999, which stands for "not known"."""
    said = _FILLING.sub("", text)
    if said == _ULN_UNKNOWN:
        raise BadUln(_("9999999999 stands for a ULN that is not known. Leave the ULN empty instead"))
    if len(said) != _ULN_LENGTH or not (said.isascii() and said.isdigit()):
        raise BadUln()
    rest = sum(weight * int(figure) for weight, figure in zip(range(_ULN_LENGTH, 1, -1), said[:-1], strict=True)) % 11
    # A remainder of 0 asks for a 10, which no figure is: such a number is never valid.
    if int(said[-1]) != _ULN_LENGTH - rest:
        raise BadUln(_("This ULN is not right: its last figure does not belong to the others. Compare each figure"))
    return said
