"""The results file as CSV: our own profile (docs/results-file.md), the same in both languages, one line a result."""

from typing import Any, Final

from django.db.models import QuerySet

from services.results.models import Result

_COLUMNS: Final = {
    "centre": "centre__number",
    "year": "series__year",
    "month": "series__month",
    "level": "level",
    "candidate": "candidate__number",
    "uci": "candidate__uci",
    "surname": "candidate__surname",
    "forenames": "candidate__forenames",
    "option": "option__code",
    "title_en": "option__title_en",
    "title_cy": "option__title_cy",
    "item": "option__item",
    "grade": "grade",
    "endorsement": "endorsement",
    "indicator": "indicator",
    "ums": "ums",
    "ums_max": "ums_max",
    "version": "version",
}
HEADER: Final = tuple(_COLUMNS)


def lines_of(rows: QuerySet[Result]) -> tuple[int, list[tuple[Any, ...]]]:
    """Return the number of the latest issue among some results (0: there are none) and their lines; the same results make the same file."""
    latest, lines = 0, []
    ordered = rows.order_by("candidate__number", "option__code")
    for *line, issue in ordered.values_list(*_COLUMNS.values(), "issue__number").iterator(chunk_size=2000):
        latest = max(latest, issue)
        lines.append(tuple(line))
    return latest, lines
