"""Boundaries laid out as tables: a column a grade, a line for raw marks and one for uniform marks. Pure.

A qualification has a table for each scale of grades, so that units (a to e) stand apart from their award (A* to E) and no table is wide.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from services.exams.models import Qualification
from services.reports.boundaries.queries import Boundary


@dataclass(slots=True)
class Line:
    """One line: whose boundaries, on which scale, and a cell for each grade of the table."""

    of: Boundary
    uniform: bool
    maximum: int | None
    cells: list[tuple[str, int | None]] = field(default_factory=list)
    before: str = ""


@dataclass(slots=True)
class Table:
    """The boundaries of one qualification on one scale."""

    qualification: Qualification
    grades: list[str]
    lines: list[Line]


def tables_of(found: Iterable[Boundary]) -> list[Table]:
    """Lay boundaries out that come by qualification."""
    scales: dict[tuple[object, ...], list[Boundary]] = defaultdict(list)
    for one in found:
        scales[one.qualification.pk, *(grade for grade, *_marks in one.now.grades)].append(one)
    return [_table(rows) for rows in scales.values()]


def _table(rows: list[Boundary]) -> Table:
    grades = [grade for grade, *_marks in rows[0].now.grades]
    return Table(rows[0].qualification, grades, [line for row in rows for line in _lines(row, grades)])


def _lines(row: Boundary, grades: list[str]) -> list[Line]:
    """Give the raw marks and the uniform marks a line each, where there are any."""
    found = []
    for place, maximum in ((1, row.now.maximum), (2, getattr(row.now, "ums_maximum", None))):
        marks = {entry[0]: entry[place] for entry in row.now.grades}
        if any(mark is not None for mark in marks.values()):
            before = "; ".join(_in_words(old, place) for old in row.before)
            found.append(Line(row, place == 2, maximum, [(grade, marks.get(grade)) for grade in grades], before))  # noqa: PLR2004
    return found


def _in_words(old: Any, place: int) -> str:
    return ", ".join(f"{entry[0]} {entry[place]}" for entry in old.grades if entry[place] is not None)
