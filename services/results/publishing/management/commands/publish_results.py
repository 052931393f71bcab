"""Publish a file of results that is larger than any upload, from the machine's own disk: the same deeds as the page, in the name of a release manager."""

from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.models import User
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import SeriesLevel
from services.results.publishing.flow import order, take_file
from services.results.publishing.models import ImportState, ResultsImport
from services.results.publishing.work import work


class Command(BaseCommand):
    """Check a file, tell what would change, and with --publish do it, all or nothing."""

    help = "Check a file of results, and with --publish publish it, all or nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the series, the level, the file and who answers for it."""
        parser.add_argument("series", help="year and month, such as 2026-06")
        parser.add_argument("level", choices=ExamLevel.values)
        parser.add_argument("file", type=Path)
        parser.add_argument("--by", required=True, help="email address of a release manager, whose name stands in the trail")
        parser.add_argument("--publish", action="store_true", help="publish it, if no line is wrong")
        parser.add_argument("--reason", default="", help="why results change that were issued before")

    def handle(self, *_args: Any, series: str, level: str, file: Path, by: str, publish: bool, reason: str, **_options: Any) -> None:
        """Do it."""
        actor = User.objects.filter(email=by).first()
        where = next((one for one in SeriesLevel.objects.filter(level=level).select_related("series") if one.series.code == series), None)
        if actor is None or where is None:
            raise CommandError("There is no such person." if actor is None else "There is no such series and level.")
        try:
            with file.open("rb") as stream:
                run = take_file(actor=actor, series=where.series, level=level, content=File(stream, name=file.name))
            self._work(run)
            if publish and run.state == ImportState.CHECKED:
                order(actor=actor, run=run, reason=reason)
                self._work(run)
        except (Refusal, PermissionDenied, OSError) as error:
            raise CommandError(str(error) or "This person may not publish results.") from error
        if run.state not in {ImportState.CHECKED, ImportState.PUBLISHED} or (publish and run.state != ImportState.PUBLISHED):
            raise CommandError("Nothing was published.")

    def _work(self, run: ResultsImport) -> None:
        work(run.pk)
        run.refresh_from_db()
        for error in run.errors:
            self.stderr.write(f"{error['file']}:{error['line'] or ''}: {error['what']}. {error['todo']}")
        counts = (run.results, run.centres, run.candidates, run.fresh, run.reissued, run.unchanged, run.wrong)
        words = ("results", "centres", "new candidates", "new", "re-issued", "unchanged", "wrong")
        said = ", ".join(f"{count} {word}" for count, word in zip(counts, words, strict=True))
        self.stdout.write(f"{run.get_state_display()}: {said}")
