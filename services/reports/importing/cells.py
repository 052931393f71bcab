"""What the cells of a line may say, and the refusal of one that says something else. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from services.reports.importing.profiles import NOT_APPLICABLE
from services.reports.models import Tier

GRADE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9*-]{0,3}")
_MEAN: Final = re.compile(r"([0-9]{1,4})(?:\.([0-9]{1,2}))?")
CORRECT: Final = _("Correct this line where it comes from and choose the file again")


class WrongLine(Exception):
    """A line that cannot be used: a sentence, what to do, and what stands in their places."""

    def __init__(self, wrong: Promise, remedy: Promise = CORRECT, **said: object) -> None:
        super().__init__(str(wrong))
        self.wrong, self.remedy, self.said = wrong, remedy, said


def number(cells: Mapping[str, str], name: str) -> int | None:
    """Read a whole number; None where it is not applicable."""
    text = cells[name]
    if text in {NOT_APPLICABLE, ""}:
        return None
    if not (text.isascii() and text.isdigit()):
        raise WrongLine(_("“%(said)s” is not a whole number, nor -2 for “not applicable”"), said=text)
    return int(text)


def needed(cells: Mapping[str, str], name: str) -> int:
    """Read a whole number that must be there."""
    found = number(cells, name)
    if found is None:
        raise WrongLine(_("A number is missing that this line needs: %(name)s"), name=name)
    return found


def tier(cells: Mapping[str, str]) -> str:
    """Read a tier: F, H, or none."""
    text = cells["tier"].upper()
    if text in {"", NOT_APPLICABLE}:
        return ""
    if text not in Tier.values:
        raise WrongLine(_("“%(said)s” is not a tier: F, H and -2 are"), said=text)
    return text


def hundredths(cells: Mapping[str, str], name: str) -> int | None:
    """Read a mean mark with up to two decimals, as hundredths; None where it is not applicable."""
    text = cells[name]
    if text == NOT_APPLICABLE:
        return None
    found = _MEAN.fullmatch(text)
    if found is None:
        raise WrongLine(_("“%(said)s” is not a mean mark such as 3.25, nor -2 for “not applicable”"), said=text)
    return int(found[1]) * 100 + int((found[2] or "").ljust(2, "0"))


def one_of(cells: Mapping[str, str], name: str, known: Mapping[str, object]) -> str:
    """Read a letter that stands for something."""
    text = cells[name].upper()
    if text not in known:
        raise WrongLine(_("“%(said)s” stands for nothing here: %(known)s do"), said=text, known=", ".join(sorted(filter(None, known))))
    return text
