"""Marks of candidates for items from a file, a line a mark.

The lines of a centre stand together: its candidates, and what was said of them, are all that is held, so that a whole series needs no more memory
than its largest centre.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.exams.models import Candidate, Series
from services.publishing.centres import Centres
from services.reports.importing import cells
from services.reports.importing.cells import WrongLine
from services.reports.models import MarkState, PaperItem, Sex

_RESULTS_FIRST: Final = _("Publish the results or entries of this centre first, or correct the number")
_ITEMS_FIRST: Final = _("Publish the items of this paper first, or correct the line")
_SEXES: Final = {"": "", "M": Sex.MALE.value, "F": Sex.FEMALE.value}
_STATES: Final = dict(MarkState.choices)


class Mark(NamedTuple):
    """A mark to issue, by the columns of its table: half a million of them are made, so they are no more than that."""

    candidate_id: UUID
    component_id: int
    item: str
    maximum: int
    mark: int | None
    state: str
    sex: str
    centre_id: int


class Marks:
    """Takes lines and gives rows."""

    def __init__(self, series: Series, level: str) -> None:
        self.series = series
        self.centres = Centres(limits.SVC6_MARKS_OF_A_CENTRE)
        items = PaperItem.objects.behind_the_gate().filter(series=series, level=level, current=True).order_by("pk")
        found = items.values_list("component__code", "label", "component_id", "maximum")
        self.items = {(code, label): (place, component, most) for place, (code, label, component, most) in enumerate(found)}
        self.candidates = dict[str, UUID]()
        self.seen = set[int]()
        self.sexes = dict[str, str]()

    def take(self, line: Mapping[str, str]) -> Iterator[Any]:
        """Yield the row of a line. Raises `WrongLine`."""
        candidate = self._who(line)
        known = self.items.get((line["component"], line["item"]))
        if known is None:
            said = {"item": line["item"], "code": line["component"]}
            raise WrongLine(_("There is no item %(item)s in component %(code)s"), _ITEMS_FIRST, **said)
        place, component, most = known
        state, mark = cells.one_of(line, "state", _STATES), cells.number(line, "mark")
        if (mark is not None) is not (state == MarkState.MARKED):
            raise WrongLine(_("There is a mark exactly where the status is M: absent and not attempted are no zero"))
        if mark is not None and mark > most:
            raise WrongLine(_("The mark %(mark)s is above the maximum (%(most)s)"), mark=mark, most=most)
        sex = _SEXES[cells.one_of(line, "sex", _SEXES)]
        number = line["candidate"]
        if self.sexes.setdefault(number, sex) != sex:
            raise WrongLine(_("Candidate %(number)s has another sex on the lines before it"), number=number)
        # A candidate's number has four figures: one whole number says whose mark for what it is, and takes little room.
        once = place * 10_000 + int(number)
        if once in self.seen:
            raise WrongLine(_("Candidate %(number)s has two marks for item %(item)s"), number=number, item=line["item"])
        self.seen.add(once)
        yield Mark(candidate, component, line["item"], most, mark, state, sex, self.centres.pk)

    def rest(self) -> Iterator[Any]:
        """Yield nothing more: each line is whole."""
        yield from ()

    def _who(self, line: Mapping[str, str]) -> UUID:
        number = line["centre"]
        fresh = self.centres.enter(number)
        if (refused := self.centres.wrong()) is not None:
            wrong, remedy, said = refused
            raise WrongLine(wrong, remedy, **said)
        if fresh:
            known = Candidate.objects.filter(centre=self.centres.pk, series=self.series)
            self.candidates, self.seen, self.sexes = dict(known.values_list("number", "pk")), set(), {}
        candidate = self.candidates.get(line["candidate"])
        if candidate is None:
            raise WrongLine(
                _("Centre %(centre)s has no candidate %(number)s in this series"), _RESULTS_FIRST, number=line["candidate"], centre=number
            )
        return candidate
