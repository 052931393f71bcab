"""The figures of a group for an item: mean, facility factor, attempted per cent (formats.md 4.7). Pure.

The mean is that of the candidates who attempted the item; absent, not attempted and not chosen are no zeros. Numbers are whole hundredths or
tenths, rounded half up, so that page, chart and file say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

GROUPS: Final = ("all", "male", "female")


@dataclass(frozen=True, slots=True)
class Group:
    """How many of a group were entered for an item and attempted it, and their mean mark in hundredths; None: nobody did."""

    entered: int = 0
    attempted: int = 0
    mean: int | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """What is shown of a group: mean in hundredths, facility and attempted in tenths of a per cent; None where there is nothing to show."""

    mean: int | None = None
    facility: int | None = None
    attempted: int | None = None
    hidden: bool = False

    @property
    def mean_text(self) -> str:
        """The mean mark, or a dash."""
        return "–" if self.mean is None else f"{self.mean // 100}.{self.mean % 100:02}"

    @property
    def facility_text(self) -> str:
        """The facility factor, or a dash."""
        return tenths(self.facility)

    @property
    def attempted_text(self) -> str:
        """The part that attempted the item, or a dash."""
        return tenths(self.attempted)


HIDDEN: Final = Figure(hidden=True)


def figure(group: Group, maximum: int) -> Figure:
    """Work out what a group's counts say."""
    return Figure(
        mean=group.mean,
        facility=None if group.mean is None else rounded(group.mean * 10, maximum),
        attempted=rounded(group.attempted * 1000, group.entered) if group.entered else None,
    )


def group_of(published: Sequence[int | None]) -> Group:
    """Read published figures; a group that is not published is empty."""
    entered, attempted, mean = published
    return Group(entered or 0, attempted or 0, mean)


def rounded(above: int, below: int) -> int:
    """Divide and round half up."""
    return (2 * above + below) // (2 * below)


def tenths(value: int | None) -> str:
    """Write tenths as a number with one decimal, or a dash."""
    return "–" if value is None else f"{value // 10}.{value % 10}"
