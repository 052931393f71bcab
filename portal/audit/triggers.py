"""The triggers that make the trail append-only, on PostgreSQL and SQLite alike (AUD, A135).

On SQLite a later migration that alters a table builds it anew without its triggers: it must end with `install`. Tests that empty the
whole database take the triggers away for that moment (`server_db` in tests/conftest.py).
"""

from collections.abc import Iterator
from typing import Any, Final

TABLES: Final = {"audit_auditevent": ("audit", "id"), "audit_link": ("audit_link", "position")}
"""Table: the beginning of its triggers' names, and its key."""

_FUNCTION: Final = """CREATE OR REPLACE FUNCTION audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the audit trail is append-only' USING ERRCODE = 'restrict_violation'; END $$"""
_FUNCTION_AWAY: Final = "DROP FUNCTION IF EXISTS audit_is_append_only()"
_POSTGRESQL: Final = (
    "CREATE OR REPLACE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION audit_is_append_only()",
    "CREATE OR REPLACE TRIGGER {name}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION audit_is_append_only()",
)
_POSTGRESQL_AWAY: Final = tuple(f"DROP TRIGGER IF EXISTS {{name}}_{deed} ON {{table}}" for deed in ("append_only", "no_truncate"))
_REFUSE: Final = "BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END"
_SQLITE: Final = (
    f"CREATE TRIGGER IF NOT EXISTS {{name}}_no_update BEFORE UPDATE ON {{table}} {_REFUSE}",
    f"CREATE TRIGGER IF NOT EXISTS {{name}}_no_delete BEFORE DELETE ON {{table}} {_REFUSE}",
    # INSERT OR REPLACE deletes a row without asking the trigger above.
    f"""CREATE TRIGGER IF NOT EXISTS {{name}}_no_replace BEFORE INSERT ON {{table}}
        WHEN EXISTS (SELECT 1 FROM {{table}} WHERE {{key}} = NEW.{{key}}) {_REFUSE}""",  # noqa: S608
)
_SQLITE_AWAY: Final = tuple(f"DROP TRIGGER IF EXISTS {{name}}_no_{deed}" for deed in ("update", "delete", "replace"))


def install(connection: Any) -> None:
    """Put the triggers in place on what there is of the trail's tables. `connection` is a Django connection or schema editor's connection."""
    postgresql = connection.vendor == "postgresql"
    _run(connection, ([_FUNCTION] if postgresql else []) + list(_each(connection, _POSTGRESQL if postgresql else _SQLITE)))


def remove(connection: Any) -> None:
    """Take the triggers away: for the reverse migration, and for tests that must empty the tables."""
    postgresql = connection.vendor == "postgresql"
    _run(connection, list(_each(connection, _POSTGRESQL_AWAY if postgresql else _SQLITE_AWAY)) + ([_FUNCTION_AWAY] if postgresql else []))


def _each(connection: Any, statements: tuple[str, ...]) -> Iterator[str]:
    present = connection.introspection.table_names()
    for table, (name, key) in TABLES.items():
        if table in present:
            yield from (statement.format(name=name, table=table, key=key) for statement in statements)


def _run(connection: Any, statements: list[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
