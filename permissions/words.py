"""Rights in words: the labels of the guide, and a plain code for messages and the audit."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.access import TABLE
from permissions.levels import Level, Right, Service

LABELS: Final[dict[Right, Promise]] = {
    (Service.A2C_KEYS, Level.MANAGE): _("A2C Access Keys"),
    (Service.IAMIS, Level.ENTER_MARKS): _("IAMIS (All Subjects)"),
    (Service.ACCESS_ARRANGEMENTS, Level.MANAGE): _("Access Arrangements"),
    (Service.ENTRIES, Level.VIEW): _("View Entries"),
    (Service.ENTRIES, Level.MAKE): _("Make Entries"),
    (Service.RESULTS, Level.VIEW_RELEASED): _("View Results from 8am on results day"),
    (Service.RESULTS, Level.VIEW_EMBARGOED): _("View Results under embargo"),
    (Service.VIEW_SCRIPTS, Level.VIEW): _("View Scripts"),
    (Service.RESOURCES, Level.VIEW): _("Past Papers, Marking Schemes and Resources"),
}
"""Each right as a label that says service and level together, so that it can stand alone at a check box or in a list."""

NOTES: Final[dict[Right, Promise]] = {
    (Service.A2C_KEYS, Level.MANAGE): _("Keys for the exchange of files with the awarding body."),
    (Service.IAMIS, Level.ENTER_MARKS): _("Input and submit internal assessment marks for all subjects."),
    (Service.ACCESS_ARRANGEMENTS, Level.MANAGE): _("Health data about candidates of the whole centre."),
    (Service.ENTRIES, Level.VIEW): _("View only"),
    (Service.ENTRIES, Level.MAKE): _("Enter candidates, amend and withdraw entries."),
    (Service.RESULTS, Level.VIEW_RELEASED): _("View 8am on results day"),
    (Service.RESULTS, Level.VIEW_EMBARGOED): _("Results before release, from the restricted release time."),
    (Service.VIEW_SCRIPTS, Level.VIEW): _("Marked scripts of the centre’s candidates."),
    (Service.RESOURCES, Level.VIEW): _("Always included"),
}
"""A short hint for each right."""


def label(right: Right) -> Promise:
    """Return the label of a right. Raises `KeyError` for a pair that is not in the access table."""
    return LABELS[right]


def code(right: Right) -> str:
    """Return a right as one plain word, such as `entries.view`, for messages, form values and the audit."""
    service, level = right
    return f"{service.value}.{level.value}"


def from_code(text: str) -> Right:
    """Read what `code` wrote. Raises `ValueError` for anything that is not in the access table."""
    right = _BY_CODE.get(text)
    if right is None:
        raise ValueError(text)
    return right


def in_table_order(rights: frozenset[Right]) -> list[Right]:
    """Sort rights as the access table lists them."""
    return [right for right in TABLE if right in rights]


_BY_CODE: Final[dict[str, Right]] = {code(right): right for right in TABLE}
