"""Which figures of groups are shown: none of one or two people, and none from which theirs could be worked out (formats.md 4.7). Pure."""

from collections.abc import Mapping
from typing import Final

from portal import limits
from services.reports.items.figures import HIDDEN, Figure, Group, figure

SEXES: Final = ("male", "female")
_COUNTS: Final = ("entered", "attempted")


def shown(groups: Mapping[str, Group]) -> set[str]:
    """Return the names of the groups whose figures are shown.

    "All" less the shown ones is a group too: of one or two people, whoever they are, another group goes as well until it is larger.
    """
    names = {name for name, group in groups.items() if not is_small(group)}
    if "all" not in names:
        return names
    while any(_few(getattr(groups["all"], count) - sum(getattr(groups[name], count) for name in _parts(names))) for count in _COUNTS):
        names.remove(min(_parts(names), key=lambda name: (not groups[name].attempted, groups[name].entered)))
    return names


def is_small(group: Group) -> bool:
    """Say whether a group is one or two people, by those who were entered or by those who attempted the item."""
    return _few(group.entered) or _few(group.attempted)


def side_by_side(centre: Mapping[str, Group], everywhere: Mapping[str, Group], maximum: int) -> dict[str, tuple[Figure, Figure]]:
    """Return for each group the figure of the centre and that of all centres, or what hides it.

    All centres less this one is a group as well: nobody may work out the only one or two candidates elsewhere.
    """
    mine, theirs = shown(centre), shown(everywhere)
    alone = {name for name in theirs if any(_few(getattr(everywhere[name], count) - getattr(centre[name], count)) for count in _COUNTS)}
    return {
        name: (
            figure(centre[name], maximum) if name in mine else HIDDEN,
            figure(everywhere[name], maximum) if name in theirs - alone else HIDDEN,
        )
        for name in centre
    }


def _few(people: int) -> bool:
    return 0 < people < limits.SVC6_SMALL_GROUP


def _parts(names: set[str]) -> list[str]:
    return [name for name in SEXES if name in names]
