"""`manage.py after_restore`: the first thing after a database came back from a backup, before web, worker and beat start (F32)."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import OperationalError, connection

from accounts.helpdesk.restored import after_restore


class Command(BaseCommand):
    """End sessions and codes, hold messages back, check the trail, and let the Portal in."""

    help = "End every session and code of a restored database, hold its messages back for review, check its audit trail, and open it."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Do it, with migrations that came since the backup. Where the trail is not as it was written, fail with `check_audit` and stay closed."""
        closed = _closed()
        call_command("migrate", verbosity=0)
        ended = after_restore()
        self.stdout.write(
            f"Ended: {ended.sessions} sessions, {ended.codes} codes. Held back for review (help desk, Messages): {ended.held}."
        )
        call_command("check_audit", stdout=self.stdout)
        if closed:
            with connection.cursor() as cursor:
                cursor.execute("ALTER SYSTEM RESET default_transaction_read_only")
                # A moment to which this restore was led would end the next one early.
                cursor.execute("ALTER SYSTEM RESET recovery_target_time")
                cursor.execute("ALTER SYSTEM RESET recovery_target_action")
                cursor.execute("SELECT pg_reload_conf()")
            self.stdout.write("The database is open.")


def _closed() -> bool:
    """Say whether `deploy/restore.sh` left the database for reading only, and get in all the same. Raises `OperationalError`."""
    try:
        connection.ensure_connection()
    except OperationalError:
        if connection.vendor != "postgresql":
            raise
        options = connection.settings_dict["OPTIONS"]
        options["target_session_attrs"] = "primary"
        options["options"] += " -c default_transaction_read_only=off"
        connection.ensure_connection()
        return True
    return False
