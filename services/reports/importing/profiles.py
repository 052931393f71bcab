"""The columns of the four files. Everything that is not applicable is -2, as in the regulator's files of boundaries (formats.md 4.6)."""

from collections.abc import Iterator
from typing import Final

from django.utils.translation import gettext_lazy as _

from services.formats.csvs import writing
from services.formats.csvs.reading import Column
from services.reports.models import Report

NOT_APPLICABLE: Final = "-2"
_BESIDE: Final = frozenset({NOT_APPLICABLE})


def _number(name: str, label: object, longest: int = 4, *, needed: bool = True) -> Column:
    return Column(name, label, longest, needed=needed, plain=_BESIDE)  # type: ignore[arg-type]


_COMPONENT: Final = Column("component", _("Component code"), 12, needed=True)
_OPTION: Final = Column("option", _("Option code"), 6, needed=True)
_TIER: Final = Column("tier", _("Tier"), 2, plain=_BESIDE)
_GRADE: Final = Column("grade", _("Grade"), 4, needed=True)
_ITEM: Final = Column("item", _("Item"), 12, needed=True)
GROUPS: Final = ("all", "male", "female")
COLUMNS: Final = {
    Report.SUBJECT: (
        _OPTION, _TIER, _number("maximum", _("Maximum mark")), _GRADE, _number("raw", _("Raw mark")),
        _number("ums_maximum", _("Maximum uniform mark")), _number("ums", _("Uniform mark")),
    ),
    Report.NOTIONAL: (_COMPONENT, _TIER, _number("maximum", _("Maximum mark")), _GRADE, _number("raw", _("Raw mark"))),
    Report.ITEMS: (
        _COMPONENT, _ITEM, _number("place", _("Order"), 3), _number("maximum", _("Maximum mark"), 3), Column("optional", _("Optional"), 1),
        _number("all_entered", _("Entered"), 7), _number("all_attempted", _("Attempted"), 7), _number("all_mean", _("Mean mark"), 7),
        _number("male_entered", _("Entered"), 7), _number("male_attempted", _("Attempted"), 7), _number("male_mean", _("Mean mark"), 7),
        _number("female_entered", _("Entered"), 7), _number("female_attempted", _("Attempted"), 7), _number("female_mean", _("Mean mark"), 7),
    ),
    Report.MARKS: (
        Column("centre", _("Centre number"), 5, needed=True), Column("candidate", _("Candidate number"), 4, needed=True), _COMPONENT, _ITEM,
        _number("mark", _("Mark"), 3, needed=False), Column("state", _("Status"), 1, needed=True), Column("sex", _("Sex"), 1),
    ),
}  # fmt: skip


def template_of(kind: Report) -> Iterator[bytes]:
    """Yield the first line of a file of a kind."""
    return writing.lines_of(COLUMNS[kind], [])
