"""How a file of a report is checked and issued; the rest of its way is that of every file (`services.publishing`)."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from services.publishing.issuing import compare
from services.publishing.models import Issued
from services.publishing.pipeline import Pipeline, Steps
from services.publishing.tally import Changes, Tally, Told
from services.reports.events import Event
from services.reports.importing.reading import rows_of
from services.reports.issuing import SHAPES, issue_counted
from services.reports.models import Report, ReportFile


class ReportsPipeline(Pipeline[ReportFile]):
    """Grade boundaries and item level data."""

    model = ReportFile
    steps = Steps(
        Event.REPORT_FILE_TAKEN,
        Event.REPORT_FILE_ORDERED,
        Event.REPORT_FILE_PUBLISHED,
        Event.REPORT_FILE_REFUSED,
        Event.REPORT_FILE_FORGOTTEN,
        Event.REPORT_FILE_GIVEN_UP,
    )
    empty: ClassVar = _("The file holds no lines")

    def check(self, run: ReportFile, tally: Tally, told: Told) -> Changes:
        """Count what would change."""
        rows = rows_of(run, tally, told)
        return compare(shape=SHAPES[Report(run.kind)], series=run.series, level=run.level, rows=rows)

    def issue(self, run: ReportFile, tally: Tally, told: Told) -> tuple[Issued, Changes]:
        """Issue the rows."""
        known: dict[str, Any] = {"actor": run.ordered_by, "series": run.series, "level": run.level}
        rows = rows_of(run, tally, told)
        return issue_counted(kind=Report(run.kind), rows=rows, source=run.name, digest=run.digest, **known)

    def counts(self, tally: Tally) -> Mapping[str, int]:
        """Return what the row counts of a file."""
        return {"lines": tally.lines}

    def said(self, run: ReportFile) -> Mapping[str, Any]:
        """Say which report it is."""
        return {"report": run.kind}
