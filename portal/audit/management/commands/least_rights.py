"""`manage.py least_rights USER`: let a second database user run the Portal without owning its tables (A135, ASVS 13.2.2). PostgreSQL only."""

import re
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction

from portal.audit.triggers import TABLES

_NAME: Final = re.compile(r"[a-z_][a-z0-9_]{0,62}")
_GRANTS: Final = (
    "GRANT USAGE ON SCHEMA public TO {user}",
    "REVOKE CREATE ON SCHEMA public FROM {user}",
    "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {user}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {user}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {user}",
    "REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {user}",
)
_ONLY_ADDED_TO: Final = "REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {user}"


class Command(BaseCommand):
    """Run it as the owner of the tables, after each `migrate`: new tables want their grants too."""

    help = "Give a database user what the Portal needs to run, and nothing by which the audit trail could be changed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the user's name."""
        parser.add_argument("user", help="an existing database user, not the owner of the tables")

    def handle(self, *_args: Any, user: str, **_options: Any) -> None:
        """Grant. Raises `CommandError` for another database or a name that is none."""
        if connection.vendor != "postgresql":
            raise CommandError("Only PostgreSQL knows users.")
        if not _NAME.fullmatch(user):
            raise CommandError("A name of small letters, figures and underscores, please.")
        statements = [*_GRANTS, *(_ONLY_ADDED_TO.format(table=table, user="{user}") for table in TABLES)]
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement.format(user=connection.ops.quote_name(user)))
        self.stdout.write(f"{user} may run the Portal: it owns nothing, and adds to the audit trail only.")
