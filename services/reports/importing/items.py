"""The items of papers from a file, a line an item, with the figures of all centres."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from services.reports.importing import cells
from services.reports.importing.boundaries import components
from services.reports.importing.cells import WrongLine
from services.reports.importing.profiles import GROUPS
from services.reports.models import PaperItem

_LABEL: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z.() ]{0,11}")
_OPTIONAL: Final = {"Y": True, "N": False, "": False}
_BASEDATA: Final = _("Load the basedata of this series first, or correct the code")


class Items:
    """Takes lines and gives rows."""

    def __init__(self, level: str) -> None:
        self.known = dict(components(level).values_list("code", "pk"))
        self.seen: set[tuple[int, str]] = set()

    def take(self, line: Mapping[str, str]) -> Iterator[Any]:
        """Yield the row of a line. Raises `WrongLine`."""
        pk, label = self.known.get(line["component"]), line["item"]
        if pk is None:
            raise WrongLine(_("There is no “%(code)s” at this level"), _BASEDATA, code=line["component"])
        if not _LABEL.fullmatch(label):
            raise WrongLine(_("“%(said)s” cannot be the name of an item"), said=label)
        if (pk, label) in self.seen:
            raise WrongLine(_("Item %(item)s of this component stands twice"), item=label)
        self.seen.add((pk, label))
        most = cells.needed(line, "maximum")
        if not most:
            raise WrongLine(_("The maximum mark is 0"))
        yield PaperItem(
            component_id=pk,
            label=label,
            place=cells.needed(line, "place"),
            maximum=most,
            optional=_OPTIONAL[cells.one_of(line, "optional", _OPTIONAL)],
            figures={group: _figures(line, group, most) for group in GROUPS},
        )

    def rest(self) -> Iterator[Any]:
        """Yield nothing more: each line is whole."""
        yield from ()


def _figures(line: Mapping[str, str], group: str, most: int) -> list[int | None]:
    """Read the figures of one group. A group that the board does not publish is -2 throughout."""
    entered, attempted = (cells.number(line, f"{group}_{name}") for name in ("entered", "attempted"))
    mean = cells.hundredths(line, f"{group}_mean")
    if entered is None and attempted is None and mean is None:
        return [None, None, None]
    if entered is None or attempted is None or attempted > entered:
        raise WrongLine(_("More candidates attempted the item than were entered"))
    if (mean is None) is not (attempted == 0):
        raise WrongLine(_("There is a mean mark exactly where somebody attempted the item"))
    if mean is not None and mean > most * 100:
        raise WrongLine(_("The mean mark is above the maximum"))
    return [entered, attempted, mean]
