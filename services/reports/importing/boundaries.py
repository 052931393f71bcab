"""Boundaries from a file: a line a grade, gathered into one row for each option or component and tier."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from services.exams.models import Component, Option
from services.reports.importing import cells
from services.reports.importing.cells import WrongLine
from services.reports.models import NotionalBoundary, Report, SubjectBoundary
from services.reports.papers import CODE

_BASEDATA: Final = _("Load the basedata of this series first, or correct the code")


class Boundaries:
    """Takes lines and gives rows. All of a file's are held: there are thousands of boundaries in a series, not millions."""

    def __init__(self, kind: Report, level: str) -> None:
        self.of_option = kind is Report.SUBJECT
        self.column = "option" if self.of_option else "component"
        known: Any = Option.objects.filter(qualification__level=level) if self.of_option else components(level)
        self.known = dict(known.values_list("code", "pk"))
        self.found: dict[tuple[int, str], dict[str, Any]] = {}

    def take(self, line: Mapping[str, str]) -> Iterator[Any]:
        """Take a line. Raises `WrongLine`."""
        pk = self.known.get(line[self.column])
        if pk is None:
            raise WrongLine(_("There is no “%(code)s” at this level"), _BASEDATA, code=line[self.column])
        if not cells.GRADE.fullmatch(line["grade"]):
            raise WrongLine(_("“%(said)s” cannot be a grade"), said=line["grade"])
        tier, most = cells.tier(line), cells.number(line, "maximum")
        ums_most, ums = (cells.number(line, name) if self.of_option else None for name in ("ums_maximum", "ums"))
        raw = cells.number(line, "raw")
        if raw is None and ums is None:
            raise WrongLine(_("The line has neither a raw mark nor a uniform mark"))
        for mark, top in ((raw, most), (ums, ums_most)):
            if mark is not None and (top is None or mark > top):
                raise WrongLine(
                    _("The boundary %(mark)s is not within its maximum (%(most)s)"), mark=mark, most="-" if top is None else top
                )
        row = self.found.setdefault((pk, tier), {"maximum": most, "ums_maximum": ums_most, "grades": []})
        if (row["maximum"], row["ums_maximum"]) != (most, ums_most):
            raise WrongLine(_("The maximum is another one than on the lines before it"))
        if line["grade"] in {grade for grade, *_marks in row["grades"]}:
            raise WrongLine(_("Grade %(grade)s stands twice"), grade=line["grade"])
        if row["grades"] and any(
            above is not None and mark is not None and mark > above for above, mark in zip(row["grades"][-1][1:], (raw, ums), strict=True)
        ):
            raise WrongLine(_("Grade %(grade)s has a higher boundary than the grade before it"), grade=line["grade"])
        row["grades"].append([line["grade"], raw, ums])
        yield from ()

    def rest(self) -> Iterator[Any]:
        """Yield the rows."""
        for (pk, tier), row in self.found.items():
            if self.of_option:
                yield SubjectBoundary(option_id=pk, tier=tier, **row)
            else:
                yield NotionalBoundary(component_id=pk, tier=tier, maximum=row["maximum"], grades=row["grades"])


def components(level: str) -> Any:
    """Return the components of a level's options."""
    return Component.objects.filter(options__qualification__level=level, code__regex=CODE).distinct()
