"""The lines of a centre stand together in a file, so that one centre is all that is ever held: whoever reads a file asks here at each line."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.models import Centre

CORRECT: Final = _("Correct this line where it comes from and choose the file again")
_TOGETHER: Final = _("Sort the file so that the lines of a centre stand together")
_ADD_CENTRE: Final = _("Add the centre first, or correct the number")

Wrong = tuple[Promise, Promise, dict[str, object]]
"""What is wrong with a line, what to do, and what stands in the places of both."""


class Centres:
    """Which centre a file is at, and how many lines of it came so far."""

    def __init__(self, most: int) -> None:
        self.known = dict(Centre.objects.values_list("number", "pk"))
        self.most, self.number, self.lines = most, "", 0
        self._seen: set[str] = set()
        self._wrong: Wrong | None = None

    @property
    def count(self) -> int:
        """How many centres of ours the file had so far."""
        return len(self._seen & self.known.keys())

    @property
    def pk(self) -> int:
        """The centre that the file is at. Raises `KeyError` for one that we do not have."""
        return self.known[self.number]

    def enter(self, number: str) -> bool:
        """Note the centre of a line; returns whether it is another one than that of the line before."""
        fresh = number != self.number
        if fresh:
            self.number, self.lines = number, 0
            self._wrong = self._of(number)
            self._seen.add(number)
        self.lines += 1
        return fresh

    def wrong(self) -> Wrong | None:
        """Say what is wrong with the centre of the line, if anything is."""
        if self._wrong is None and self.lines > self.most:
            return _("Centre %(centre)s has too many lines"), CORRECT, {"centre": self.number}
        return self._wrong

    def _of(self, number: str) -> Wrong | None:
        said: dict[str, object] = {"centre": number}
        if number in self._seen:
            return _("Lines of centre %(centre)s stand in another place of the file too"), _TOGETHER, said
        if number not in self.known:
            return _("There is no centre %(centre)s"), _ADD_CENTRE, said
        return None
