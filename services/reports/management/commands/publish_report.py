"""Publish a file of a report that is larger than any upload (SVC 6)."""

from typing import Any

from django.core.management.base import CommandParser

from services.exams.models import Series
from services.publishing.command import PublishCommand
from services.publishing.models import StaffFile
from services.reports.models import Report, ReportFile


class Command(PublishCommand):
    """Check a file of boundaries or item data, tell what would change, and with --publish do it, all or nothing."""

    help = "Check a file of a report, and with --publish publish it, all or nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take its kind, too."""
        parser.add_argument("kind", choices=Report.values)
        super().add_arguments(parser)

    def new_file(self, series: Series, level: str, options: dict[str, Any]) -> StaffFile:
        """Make the row with its kind."""
        return ReportFile(series=series, level=level, kind=options["kind"], size=0)

    def counts(self, run: Any) -> str:
        """Say what the file holds and changes."""
        return f"{run.lines} lines, {super().counts(run)}"
