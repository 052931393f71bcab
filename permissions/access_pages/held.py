"""What somebody may open, in words with its last day, and what has ended."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from permissions.access import TABLE
from permissions.levels import Right
from permissions.policy import Holdings, why_not
from permissions.reasons import Reason
from permissions.roles import Role
from permissions.words import NOTES, label


@dataclass(frozen=True, slots=True)
class Held:
    """One right with its last day (None: no end), and whether that has passed."""

    right: Right
    ends_on: date | None
    ended: bool

    @property
    def label(self) -> Promise:
        """The right in words."""
        return label(self.right)

    @property
    def note(self) -> Promise:
        """What it opens."""
        return NOTES[self.right]


def holdings_in_words(role: Role, grants: Holdings, today: date) -> list[Held]:
    """Return what an account holds or held, in the table's order; what its type can never have is left out."""
    found = {right: why_not(role, grants, *right, today) for right in TABLE if right in grants}
    return [Held(right, grants[right], reason is Reason.ENDED) for right, reason in found.items() if reason in {None, Reason.ENDED}]
