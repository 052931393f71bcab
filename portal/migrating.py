"""Steps of migrations that take no table away from those who use it (F29): for tables that are in use, in migrations with `atomic = False`.

On PostgreSQL an index is built beside the traffic, and a check looks at the rows there are without keeping anybody out. Each may be run again
after it was broken off half-way (F30). Other databases take the plain step, in a transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import NotSupportedError, transaction
from django.db.migrations.operations import AddConstraint, AddIndex

_BROKEN_OFF = "SELECT 1 FROM pg_index WHERE indexrelid = to_regclass(%s) AND NOT indisvalid"
_KNOWN = "SELECT 1 FROM pg_constraint WHERE conname = %s AND conrelid = to_regclass(%s)"


class AddIndexBeside(AddIndex):
    """Build an index while the table is read and written."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002
        """Build it; what an earlier try left half-built is taken away first."""
        model = to_state.apps.get_model(app_label, self.model_name)
        with _beside(schema_editor) as postgresql:
            if not postgresql:
                schema_editor.add_index(model, self.index)
                return
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_BROKEN_OFF, [self.index.name])
                broken_off = cursor.fetchone()
                cursor.execute("SELECT to_regclass(%s)", [self.index.name])
                there = cursor.fetchone()[0] is not None
            if broken_off:
                schema_editor.remove_index(model, self.index, concurrently=True)
            if broken_off or not there:
                schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002
        """Drop it in the same way."""
        model = from_state.apps.get_model(app_label, self.model_name)
        with _beside(schema_editor) as postgresql:
            schema_editor.remove_index(model, self.index, **({"concurrently": True} if postgresql else {}))


class AddCheckBeside(AddConstraint):
    """Add a check that holds for new rows at once, and then look at the old ones without keeping anybody out."""

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:  # noqa: ARG002
        """Add and look. Raises `IntegrityError` when an old row breaks it: then the check stands for new ones, and this step may be run again."""
        model = to_state.apps.get_model(app_label, self.model_name)
        with _beside(schema_editor) as postgresql:
            if not postgresql:
                schema_editor.add_constraint(model, self.constraint)
                return
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(_KNOWN, [self.constraint.name, model._meta.db_table])
                known = cursor.fetchone()
            if not known:
                # This moment needs the table for itself, and everybody queues behind whoever waits for that: 2 s as elsewhere, then once more later.
                schema_editor.execute("RESET lock_timeout")
                schema_editor.execute(f"{self.constraint.create_sql(model, schema_editor)} NOT VALID", params=None)
                schema_editor.execute("SET lock_timeout = 0")
            table, name = (schema_editor.quote_name(one) for one in (model._meta.db_table, self.constraint.name))
            schema_editor.execute(f"ALTER TABLE {table} VALIDATE CONSTRAINT {name}")


@contextmanager
def _beside(schema_editor: Any) -> Iterator[bool]:
    """Say whether this is PostgreSQL. There the step waits for others as long as it takes, where nobody waits for it."""
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        with transaction.atomic(using=connection.alias):
            yield False
        return
    if connection.in_atomic_block:
        raise NotSupportedError("a step beside the traffic needs a migration with atomic = False")
    schema_editor.execute("SET lock_timeout = 0")
    try:
        yield True
    finally:
        schema_editor.execute("RESET lock_timeout")
