"""Publish a file of results that is larger than any upload (SVC 5)."""

from typing import Any

from services.exams.models import Series
from services.publishing.command import PublishCommand
from services.publishing.models import StaffFile
from services.results.publishing.models import ResultsImport


class Command(PublishCommand):
    """Check a file, tell what would change, and with --publish do it, all or nothing."""

    help = "Check a file of results, and with --publish publish it, all or nothing"

    def new_file(self, series: Series, level: str, options: dict[str, Any]) -> StaffFile:  # noqa: ARG002
        """Make the row."""
        return ResultsImport(series=series, level=level, size=0)

    def counts(self, run: Any) -> str:
        """Say what the file holds and changes."""
        return f"{run.results} results, {run.centres} centres, {run.candidates} new candidates, {super().counts(run)}"
