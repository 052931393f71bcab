"""Item level data as CSV (docs/reports.md): the candidates' marks, a line an item, and the comparison with all centres. The same in both languages."""

from typing import Any, Final

from portal.web.spreadsheet import csv_bytes
from services.exams.models import Component
from services.releases.gate import Look
from services.releases.sittings import OpenSitting
from services.reports.flow import ReportCsv
from services.reports.items import queries
from services.reports.items.figures import GROUPS, Figure

MARKS_HEADER: Final = (
    "centre", "year", "month", "level", "component", "candidate", "uci", "surname", "forenames", "item", "maximum", "mark", "state",
    "centre_mean", "all_wjec_mean", "version",
)  # fmt: skip
_MARKS: Final = (
    "centre__number", "series__year", "series__month", "level", "component__code", "candidate__number", "candidate__uci", "candidate__surname",
    "candidate__forenames", "item", "maximum", "mark", "state",
)  # fmt: skip
CONTEXT_HEADER: Final = (
    "centre", "series", "level", "component", "item", "maximum", "optional", "group", "centre_mean", "all_wjec_mean", "centre_facility",
    "all_wjec_facility", "centre_attempted", "all_wjec_attempted",
)  # fmt: skip
_HIDDEN: Final = "hidden"


def marks_file(look: Look, sitting: OpenSitting, paper: Component) -> ReportCsv:
    """Return every candidate's mark for every item, by candidate and by the paper's order."""
    compared = queries.compared(look, sitting, paper)
    means = {one.item.label: (place, *(_cell(side, side.mean_text) for side in one.groups["all"])) for place, one in enumerate(compared)}
    version, lines = 0, list[tuple[Any, ...]]()
    for *said, own, number in queries.marks(look, sitting, paper).values_list(*_MARKS, "version", "issue__number"):
        version = max(version, number)
        lines.append((*said, *means[said[9]][1:], own))
    lines.sort(key=lambda line: (line[5], means[line[9]][0]))
    return ReportCsv(_stem("item-marks", look, sitting, paper, version), version, csv_bytes(header=MARKS_HEADER, rows=lines))


def context_file(look: Look, sitting: OpenSitting, paper: Component) -> ReportCsv:
    """Return the centre's figures beside those of all centres; what the page hides is hidden here too."""
    lines = [
        (look.centre.number, sitting.series.code, sitting.level.value, paper.code, one.item.label, one.item.maximum, "Y" if one.item.optional else "N",
         group, *_figures(*one.groups[group]))
        for one in queries.compared(look, sitting, paper)
        for group in GROUPS
    ]  # fmt: skip
    version = queries.latest_issue(look, sitting, paper)
    return ReportCsv(_stem("item-comparison", look, sitting, paper, version), version, csv_bytes(header=CONTEXT_HEADER, rows=lines))


def _figures(mine: Figure, theirs: Figure) -> list[str]:
    return [
        _cell(side, text)
        for name in ("mean_text", "facility_text", "attempted_text")
        for side in (mine, theirs)
        for text in [getattr(side, name)]
    ]


def _cell(side: Figure, text: str) -> str:
    return _HIDDEN if side.hidden else "" if text == "–" else text


def _stem(what: str, look: Look, sitting: OpenSitting, paper: Component, version: int) -> str:
    return f"{what}-{look.centre.number}-{sitting.code}-{paper.code.replace('/', '-')}-v{version}"
