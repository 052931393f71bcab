"""Publish a file that is larger than any upload, from the machine's own disk: the same deeds as the page, in the name of a release manager."""

import time
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Series, SeriesLevel
from services.publishing.flow import order, take_file
from services.publishing.models import WORKED, FileState, StaffFile
from services.publishing.work import work


class PublishCommand(BaseCommand):
    """Check a file, tell what would change, and with --publish do it, all or nothing. Kinds of files say what their row is."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the series, the level, the file and who answers for it."""
        parser.add_argument("series", help="year and month, such as 2026-06")
        parser.add_argument("level", choices=ExamLevel.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="email address of a release manager, whose name stands in the trail")
        parser.add_argument("--publish", action="store_true", help="publish it, if no line is wrong")
        parser.add_argument("--reason", default="", help="why something changes that was published before")

    def new_file(self, series: Series, level: str, options: dict[str, Any]) -> StaffFile:
        """Make the row, not saved yet."""
        raise NotImplementedError

    def counts(self, run: Any) -> str:
        """Say what a file holds and changes."""
        return f"{run.fresh} new, {run.reissued} re-issued, {run.unchanged} unchanged, {run.wrong} wrong"

    def handle(self, *_args: Any, series: str, level: str, file: Path, by: str, publish: bool, reason: str, **options: Any) -> None:
        """Do it."""
        actor = User.objects.filter(email=by).first()
        where = next((one for one in SeriesLevel.objects.filter(level=level).select_related("series") if one.series.code == series), None)
        if actor is None or where is None:
            raise CommandError("There is no such person." if actor is None else "There is no such series and level.")
        try:
            with file.open("rb") as stream:
                run = take_file(self.new_file(where.series, level, options), actor=actor, content=File(stream, name=file.name))
            self._work(run)
            if publish and run.state == FileState.CHECKED:
                run = order(actor=actor, run=run, reason=reason)
                self._work(run)
        except (Refusal, PermissionDenied, OSError) as error:
            raise CommandError(str(error) or "This person may not publish this.") from error
        if run.state not in {FileState.CHECKED, FileState.PUBLISHED} or (publish and run.state != FileState.PUBLISHED):
            raise CommandError("Nothing was published.")

    def _work(self, run: StaffFile) -> None:
        """Do what the file waits for, or wait for the worker that heard of it sooner."""
        while run.state in WORKED:
            if not work(run.pk):
                time.sleep(1)
            run.refresh_from_db()
        for error in run.errors:
            self.stderr.write(f"{error['file']}:{error['line'] or ''}: {error['what']}. {error['todo']}")
        self.stdout.write(f"{run.get_state_display()}: {self.counts(run)}")
