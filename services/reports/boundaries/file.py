"""Boundaries as CSV with the columns of the regulator's file, and ours behind them (docs/reports.md): a line a grade, -2 for not applicable."""

from typing import Any, Final

from portal import clock
from portal.web.spreadsheet import csv_bytes
from services.releases.artefacts import Artefact
from services.releases.sittings import OpenSitting
from services.reports.boundaries.queries import Boundary
from services.reports.flow import ReportCsv

HEADER: Final = (
    "series", "reporting_date", "body", "level", "certification_code", "specification_code", "title", "tier", "maximum_mark", "grade", "raw_boundary",
    "title_cy", "ums_maximum", "ums_boundary", "version",
)  # fmt: skip
_BODY: Final = "WJEC"
_NOT_APPLICABLE: Final = -2


def file_of(sitting: OpenSitting, kind: Artefact, found: list[Boundary]) -> ReportCsv:
    """Return a sitting's boundaries of a kind as a file; the same boundaries make the same bytes in both languages."""
    version = max((one.now.issue.number for one in found), default=0)
    lines = [line for one in found for line in _lines(sitting, one)]
    return ReportCsv(f"{kind.value}-{sitting.code}-v{version}", version, csv_bytes(header=HEADER, rows=lines))


def _lines(sitting: OpenSitting, one: Boundary) -> list[tuple[Any, ...]]:
    now, of = one.now, one.of
    day = clock.london(now.issue.issued_at).date().isoformat()
    ums_maximum = _said(getattr(now, "ums_maximum", None))
    return [
        (
            sitting.series.code, day, _BODY, sitting.level.value, one.qualification.code, of.code, of.title_en, now.tier or _NOT_APPLICABLE,
            _said(now.maximum), grade, _said(raw), of.title_cy, ums_maximum, _said(ums), now.version,
        )
        for grade, raw, ums in now.grades
    ]  # fmt: skip


def _said(mark: int | None) -> int:
    return _NOT_APPLICABLE if mark is None else mark
