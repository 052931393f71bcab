"""Say whether a worker, or the timetable, still works: for Docker's health check and for alarms."""

import os
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from portal import limits
from portal.outbox import canary
from portal.readiness.check import why_not_trusted


class Command(BaseCommand):
    """Ends with 1 when the last sign of life is older than a minute, clock or settings are not those of the others, or the database is away."""

    help = "Fails when this machine's worker has shown no sign of life for a minute."
    requires_system_checks = []  # noqa: RUF012  as Django declares it

    def add_arguments(self, parser: CommandParser) -> None:
        """Which sign."""
        parser.add_argument("--worker", default=f"celery@{os.uname().nodename}", help="the worker's node name, if it was given one (-n)")
        parser.add_argument("--timetable", action="store_true", help="ask for the timetable instead: beat, broker and some worker together")

    def handle(self, *, worker: str, timetable: bool, **_options: Any) -> None:
        """Ask the database."""
        name = canary.TIMETABLE if timetable else worker
        try:
            age = canary.age(name)
            late = canary.late(name)
            wrong = why_not_trusted()
        except DatabaseError as error:
            raise CommandError(f"the database does not answer: {type(error).__name__}") from None
        if age is None:
            raise CommandError(f"{name} has never shown a sign of life")
        seconds = round(age.total_seconds())
        if late:
            raise CommandError(f"{name} showed its last sign of life {seconds} s ago; {limits.CANARY_LATE_SECONDS} s are allowed")
        if wrong:
            raise CommandError("; ".join(wrong))
        self.stdout.write(f"{name}: {seconds} s ago")
