"""A file of options: our own columns, each line checked as far as a line alone can be. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from services.basedata.loading import Rule, first_wrong
from services.exams.levels import QualificationKind
from services.exams.models import Item
from services.formats.csvs import reading
from services.formats.csvs.reading import Column
from services.formats.errors import LineError
from services.formats.lines import Stream

COLUMNS: Final = (
    Column("option", _("Option code"), 6, needed=True),
    Column("title_en", _("English title"), 150, needed=True),
    Column("title_cy", _("Welsh title"), 150, needed=True),
    Column("item", _("Unit or certificate"), 1, needed=True),
    Column("ums_max", _("Maximum uniform mark"), 4),
    Column("qualification", _("Syllabus code"), 6, needed=True),
    Column("qualification_en", _("English title"), 150, needed=True),
    Column("qualification_cy", _("Welsh title"), 150, needed=True),
    Column("kind", _("Qualification"), 12, needed=True),
    Column("qan", _("Accreditation number"), 10),
    Column("subject", _("Subject"), 50, needed=True),
    Column("subject_en", _("English title"), 150, needed=True),
    Column("subject_cy", _("Welsh title"), 150, needed=True),
)
_RULES: Final[tuple[Rule, ...]] = (
    ("option", re.compile(r"[0-9A-Z]{1,6}"), _("The option code “%(said)s” is not made of figures and capitals")),
    ("qualification", re.compile(r"[0-9A-Z]{1,6}"), _("The syllabus code “%(said)s” is not made of figures and capitals")),
    ("item", re.compile("|".join(Item.values)), _("“%(said)s” must be U for a unit, C for an award or B for both")),
    ("kind", re.compile("|".join(QualificationKind.values)), _("“%(said)s” is not a kind of qualification; docs/formats.md lists them")),
    ("ums_max", re.compile(r"(?:[1-9][0-9]{0,3})?"), _("The maximum uniform mark “%(said)s” is not a whole number")),
    ("qan", re.compile(r"[0-9A-Z/]{0,10}"), _("“%(said)s” cannot be an accreditation number")),
    ("subject", re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*"), _("The subject “%(said)s” must be small letters, figures and hyphens")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionLine:
    """One option with the qualification and the subject that it belongs to."""

    line: int
    option: str
    title_en: str
    title_cy: str
    item: str
    ums_max: int | None
    qualification: str
    qualification_en: str
    qualification_cy: str
    kind: str
    qan: str
    subject: str
    subject_en: str
    subject_cy: str


def options_in(stream: Stream) -> Iterator[OptionLine | LineError]:
    """Yield the options of a file. Raises `BadFile` for its first line, or when it has too many rows."""
    for row in reading.read(stream, COLUMNS, most_rows=limits.SVC5_OPTIONS):
        if isinstance(row, LineError):
            yield row
            continue
        wrong = first_wrong(row, _RULES)
        if wrong is not None:
            yield wrong
        else:
            most = int(row.cells["ums_max"]) if row.cells["ums_max"] else None
            yield OptionLine(**{"line": row.line, **row.cells, "ums_max": most})  # type: ignore[arg-type]
