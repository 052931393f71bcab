"""`manage.py after_restore`: the first thing after a database came back from a backup, before web, worker and beat start."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from accounts.helpdesk.restored import after_restore


class Command(BaseCommand):
    """End sessions and codes, hold messages back, then check the trail."""

    help = "End every session and code of a restored database, hold its messages back for review, and check its audit trail."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it, and fail with `check_audit` if the trail is not as it was written."""
        ended = after_restore()
        self.stdout.write(
            f"Ended: {ended.sessions} sessions, {ended.codes} codes. Held back for review (help desk, Messages): {ended.held}."
        )
        call_command("check_audit", stdout=self.stdout)
