"""Marks of candidates for items from a file, a line a mark. Candidates are asked once a centre, so their lines stand together."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from permissions.models import Centre
from services.exams.models import Candidate, Series
from services.reports.importing import cells
from services.reports.importing.cells import WrongLine
from services.reports.models import ItemMark, MarkState, PaperItem, Sex

_RESULTS_FIRST: Final = _("Publish the results or entries of this centre first, or correct the number")
_ITEMS_FIRST: Final = _("Publish the items of this paper first, or correct the line")
_SEXES: Final = {"": "", "M": Sex.MALE, "F": Sex.FEMALE}
_STATES: Final = dict(MarkState.choices)


class Marks:
    """Takes lines and gives rows."""

    def __init__(self, series: Series, level: str) -> None:
        self.series = series
        self.centres = dict(Centre.objects.values_list("number", "pk"))
        items = PaperItem.objects.behind_the_gate().filter(series=series, level=level, current=True)
        self.items = {
            (code, label): (component, most)
            for code, label, component, most in items.values_list("component__code", "label", "component_id", "maximum")
        }
        self.centre, self.candidates = "", dict[str, Any]()
        self.seen: set[tuple[Any, int, str]] = set()
        self.sexes: dict[Any, str] = {}

    def take(self, line: Mapping[str, str]) -> Iterator[Any]:
        """Yield the row of a line. Raises `WrongLine`."""
        centre, candidate = self._who(line)
        if (line["component"], line["item"]) not in self.items:
            said = {"item": line["item"], "code": line["component"]}
            raise WrongLine(_("There is no item %(item)s in component %(code)s"), _ITEMS_FIRST, **said)
        component, most = self.items[line["component"], line["item"]]
        state, mark = cells.one_of(line, "state", _STATES), cells.number(line, "mark")
        if (mark is not None) is not (state == MarkState.MARKED):
            raise WrongLine(_("There is a mark exactly where the status is M: absent and not attempted are no zero"))
        if mark is not None and mark > most:
            raise WrongLine(_("The mark %(mark)s is above the maximum (%(most)s)"), mark=mark, most=most)
        sex = _SEXES[cells.one_of(line, "sex", _SEXES)]
        if self.sexes.setdefault(candidate, sex) != sex:
            raise WrongLine(_("Candidate %(number)s has another sex on the lines before it"), number=line["candidate"])
        if (candidate, component, line["item"]) in self.seen:
            raise WrongLine(_("Candidate %(number)s has two marks for item %(item)s"), number=line["candidate"], item=line["item"])
        self.seen.add((candidate, component, line["item"]))
        yield ItemMark(
            centre_id=centre, candidate_id=candidate, component_id=component, item=line["item"], maximum=most, mark=mark, state=state, sex=sex
        )  # fmt: skip

    def rest(self) -> Iterator[Any]:
        """Yield nothing more: each line is whole."""
        yield from ()

    def _who(self, line: Mapping[str, str]) -> tuple[int, Any]:
        number = line["centre"]
        centre = self.centres.get(number)
        if centre is None:
            raise WrongLine(_("There is no centre %(centre)s"), centre=number)
        if number != self.centre:
            self.centre = number
            self.candidates = dict(Candidate.objects.filter(centre=centre, series=self.series).values_list("number", "pk"))
        candidate = self.candidates.get(line["candidate"])
        if candidate is None:
            said = {"number": line["candidate"], "centre": number}
            raise WrongLine(_("Centre %(centre)s has no candidate %(number)s in this series"), _RESULTS_FIRST, **said)
        return centre, candidate
