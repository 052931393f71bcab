"""The three terms of a school year and when their access reviews are due. The only place that knows these dates. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal import limits


class Season(Enum):
    """A term: month and day on which it begins (Europe/London), and its name."""

    SPRING = (1, 1), _("Spring term")
    SUMMER = (4, 16), _("Summer term")
    AUTUMN = (9, 1), _("Autumn term")

    def __init__(self, begins: tuple[int, int], label: Promise) -> None:
        self.begins = begins
        self.label = label


@dataclass(frozen=True, slots=True)
class Term:
    """One term of one year."""

    season: Season
    year: int

    @property
    def key(self) -> str:
        """How the database names it, such as `2026-autumn`."""
        return f"{self.year}-{self.season.name.lower()}"

    @property
    def starts_on(self) -> date:
        """Its first day; the review can begin."""
        return date(self.year, *self.season.begins)

    @property
    def due_on(self) -> date:
        """The last day by which everybody shall be confirmed or removed."""
        return self.starts_on + timedelta(days=limits.MAN4_REVIEW_DAYS)

    def reminders_due(self, day: date) -> int:
        """Return how many reminders should have been sent by a day: one at the start, a second before the end; none are begun afterwards."""
        if day > self.due_on:
            return 0
        return 1 if day < self.due_on - timedelta(days=limits.MAN4_LAST_REMINDER_DAYS) else 2


def term_of(day: date) -> Term:
    """Return the term in which a day lies."""
    started = [season for season in Season if (day.month, day.day) >= season.begins]
    return Term(started[-1], day.year)
