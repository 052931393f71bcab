"""The triggers that make the trail append-only, on PostgreSQL and SQLite alike (AUD, A135).

On SQLite a later migration that alters the table builds it anew without its triggers: it must end with `install`. Tests that empty the
whole database take the triggers away for that moment (`server_db` in tests/conftest.py).
"""

from typing import Any, Final

TABLE: Final = "audit_auditevent"

_POSTGRESQL: Final = (
    """CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
       $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$""",
    f"""CREATE OR REPLACE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON {TABLE}
        FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()""",
    f"""CREATE OR REPLACE TRIGGER audit_no_truncate BEFORE TRUNCATE ON {TABLE}
        FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()""",
)
_POSTGRESQL_AWAY: Final = (
    f"DROP TRIGGER IF EXISTS audit_append_only ON {TABLE}",
    f"DROP TRIGGER IF EXISTS audit_no_truncate ON {TABLE}",
    "DROP FUNCTION IF EXISTS audit_is_append_only()",
)
_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
_SQLITE: Final = (
    f"CREATE TRIGGER IF NOT EXISTS audit_no_update BEFORE UPDATE ON {TABLE} {_REFUSE}",
    f"CREATE TRIGGER IF NOT EXISTS audit_no_delete BEFORE DELETE ON {TABLE} {_REFUSE}",
    # INSERT OR REPLACE deletes a row without asking the trigger above.
    f"""CREATE TRIGGER IF NOT EXISTS audit_no_replace BEFORE INSERT ON {TABLE}
        WHEN EXISTS (SELECT 1 FROM {TABLE} WHERE id = NEW.id) {_REFUSE}""",  # noqa: S608
)
_SQLITE_AWAY: Final = tuple(f"DROP TRIGGER IF EXISTS audit_no_{deed}" for deed in ("update", "delete", "replace"))


def install(connection: Any) -> None:
    """Put the triggers in place. `connection` is a Django connection or schema editor's connection."""
    _run(connection, _POSTGRESQL if connection.vendor == "postgresql" else _SQLITE)


def remove(connection: Any) -> None:
    """Take the triggers away: for the reverse migration, and for tests that must empty the table."""
    _run(connection, _POSTGRESQL_AWAY if connection.vendor == "postgresql" else _SQLITE_AWAY)


def _run(connection: Any, statements: tuple[str, ...]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
