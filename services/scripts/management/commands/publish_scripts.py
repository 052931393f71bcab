"""Publish a folder of scripts from the machine's own disk: the same deed as the page, in the name of a release manager."""

import re
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Component, Series, SeriesLevel
from services.scripts.publishing import publish_script

_NAME: Final = re.compile(
    r"(?P<centre>[0-9]{5})-(?P<candidate>[0-9]{4})-(?P<component>[0-9A-Z]{2,8}(?:-[0-9A-Z]{1,4})?)\.pdf", re.IGNORECASE
)


class Command(BaseCommand):
    """Publish every PDF of a folder, all or nothing; each is named centre-candidate-component, such as 68001-0001-3300-01.pdf."""

    help = "Publish a folder of marked scripts, all or nothing"

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the series, the level, the folder and who answers for it."""
        parser.add_argument("series", help="year and month, such as 2026-06")
        parser.add_argument("level", choices=ExamLevel.values)
        parser.add_argument("folder", type=Path)
        parser.add_argument("--by", required=True, help="email address of a release manager, whose name stands in the trail")

    def handle(self, *_args: Any, series: str, level: str, folder: Path, by: str, **_options: Any) -> None:
        """Do it."""
        actor = User.objects.filter(email=by).first()
        where = next((one for one in SeriesLevel.objects.filter(level=level).select_related("series") if one.series.code == series), None)
        if actor is None or where is None:
            raise CommandError("There is no such person." if actor is None else "There is no such series and level.")
        files = sorted(folder.glob("*.pdf"))
        with transaction.atomic():
            wrong = [said for path in files if (said := self._publish(actor, where.series, ExamLevel(level), path))]
            for line in wrong:
                self.stderr.write(line)
            if wrong or not files:
                raise CommandError("Nothing was published.")
        self.stdout.write(f"{len(files)} scripts published, in quarantine until they are scanned")

    def _publish(self, actor: User, series: Series, level: ExamLevel, path: Path) -> str:
        """Publish one; returns what is wrong with it, or nothing."""
        named = _NAME.fullmatch(path.name)
        if named is None:
            return f"{path.name}: name it centre-candidate-component.pdf"
        code = named["component"].upper()
        # A name cannot hold the / of 3300/01; a code that is written with a hyphen itself, such as 3300U10-1, is that one.
        known = Component.objects.filter(code=code).exists()
        given = named.groupdict() | {"component": code if known else code.replace("-", "/")}
        try:
            publish_script(actor=actor, series=series, level=level, content=path.read_bytes(), **given)
        except Refusal as refusal:
            return f"{path.name}: {refusal}"
        except PermissionDenied as error:
            raise CommandError("This person may not publish scripts.") from error
        return ""
