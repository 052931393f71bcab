"""F29: the linter of migrations. While one runs, the code of before serves on: nothing it uses is taken away, and no table in use is held.

First expand, then fill in batches, and contract in a later release, when no process of the old one is left.
"""

from collections.abc import Iterator
from typing import Any, Final

import pytest
from django.apps import apps
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import (
    AddConstraint,
    AddField,
    AddIndex,
    AlterField,
    AlterModelTable,
    AlterUniqueTogether,
    CreateModel,
    DeleteModel,
    RemoveConstraint,
    RemoveField,
    RemoveIndex,
    RenameField,
    RenameModel,
    RunPython,
    RunSQL,
    SeparateDatabaseAndState,
)  # fmt: skip
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

from portal.migrating import AddCheckBeside, AddIndexBeside

BEFORE_THE_FIRST_RELEASE: Final = "before the first release no other code ran on these tables, and they were empty"
LANDED: Final = dict.fromkeys(
    (
        "accounts.0003_identity", "accounts.0006_invites_from_a_file", "audit.0004_centre_indexes", "audit.0005_seals",
        "exams.0002_plain_entry_codes", "files.0002_exemplars", "files.0003_made_files", "outbox.0002_queues",
        "outbox.0003_events_find_their_message", "outbox.0004_found_by_recipient", "permissions.0004_places_listed_by_name",
        "permissions.0006_places_can_be_suspended", "publishing.0002_attempts_and_calls", "ratelimit.0002_windows",
        "reports.0002_files_checked_in_the_background",
        "resources.0002_full_text",
    ),
    BEFORE_THE_FIRST_RELEASE,
)  # fmt: skip
CONTRACTS: Final = {
    "outbox.0006_held_messages_keep_their_secret": "takes away a check that 0005 has replaced by one that allows more: old code breaks neither",
}
"""Migrations that take something away, and why no code that still runs misses it."""
_IN_FORM_ONLY: Final = {
    "choices",
    "verbose_name",
    "help_text",
    "default",
    "validators",
    "editable",
    "blank",
    "error_messages",
    "related_name",
}
_TAKES_AWAY: Final = (RemoveField, DeleteModel, RenameField, RenameModel, AlterModelTable, RemoveConstraint)


def faults(migration: migrations.Migration, before: ProjectState) -> list[str]:
    """Return what is unsafe in a migration, in words; `before` is the state it starts from."""
    fresh = {operation.name_lower for operation in migration.operations if isinstance(operation, CreateModel)}
    found: list[str] = []
    state = before.clone()
    for operation in migration.operations:
        steps = operation.database_operations if isinstance(operation, SeparateDatabaseAndState) else [operation]
        found += (fault for step in steps for fault in _of(step, migration, fresh, state))
        operation.state_forwards(migration.app_label, state)
    fills = any(isinstance(operation, RunPython) for operation in migration.operations)
    if fills and len(migration.operations) > 1:
        found.append("RunPython: fill in a migration of its own, in batches, so that no table is held meanwhile")
    beside = [isinstance(operation, AddIndexBeside | AddCheckBeside) for operation in migration.operations]
    if not migration.atomic and not all(beside):
        found.append("atomic = False: only steps that may be run again (portal.migrating) may be broken off half-way")
    if migration.atomic and any(beside):
        found.append("atomic = False is missing: a step beside the traffic does not go into a transaction")
    return found


def _of(operation: Operation, migration: migrations.Migration, fresh: set[str], state: ProjectState) -> Iterator[str]:
    name = type(operation).__name__
    model = str(getattr(operation, "model_name", getattr(operation, "name", ""))).lower()
    if isinstance(operation, CreateModel | RunPython | AddIndexBeside | AddCheckBeside | RemoveIndex) or model in fresh:
        return
    if isinstance(operation, _TAKES_AWAY):
        yield f"{name} of {model}: old code still uses it. Contract in a later release, and say so in CONTRACTS"
    elif isinstance(operation, RunSQL | AlterUniqueTogether):
        yield f"{name}: nobody can tell what it holds"
    elif isinstance(operation, AddField) and not _old_code_may_leave_it_out(operation.field):
        yield f"AddField {operation.name} of {model}: old code inserts rows without it. null=True or db_default"
    elif isinstance(operation, AddField) and (
        operation.field.unique or operation.field.is_relation or getattr(operation.field, "db_index", False)
    ):
        yield f"AddField {operation.name} of {model} builds an index while the table is held. Add the index beside (AddIndexBeside)"
    elif isinstance(operation, AlterField) and _changes_the_column(
        operation, state.models[migration.app_label, model].fields[operation.name]
    ):
        yield f"AlterField {operation.name} of {model} changes the column. Add another, fill it, contract later"
    elif isinstance(operation, AddIndex):
        yield f"AddIndex on {model}: nobody can write meanwhile. AddIndexBeside"
    elif isinstance(operation, AddConstraint):
        yield f"AddConstraint on {model}: nobody can use the table meanwhile. AddCheckBeside"


def _old_code_may_leave_it_out(field: models.Field[Any, Any]) -> bool:
    return field.null or field.has_db_default() or field.many_to_many or field.generated


def _changes_the_column(operation: AlterField, before: models.Field[Any, Any]) -> bool:
    """Say whether the database's column changes, but for one that takes more than it did."""
    was, becomes = (
        {key: value for key, value in field.deconstruct()[3].items() if key not in _IN_FORM_ONLY} for field in (before, operation.field)
    )
    if before.null <= operation.field.null:
        was.pop("null", None)
        becomes.pop("null", None)
    if (was.get("max_length") or 0) <= (becomes.get("max_length") or 0):
        was.pop("max_length", None)
        becomes.pop("max_length", None)
    return type(before) is not type(operation.field) or was != becomes


def _ours() -> list[tuple[str, migrations.Migration, ProjectState]]:
    loader = MigrationLoader(None)
    own = {
        config.label
        for config in apps.get_app_configs()
        if config.name.partition(".")[0] in {"portal", "permissions", "accounts", "services"}
    }
    return [
        (f"{label}.{name}", loader.disk_migrations[label, name], loader.project_state((label, name), at_end=False))
        for label, name in sorted(loader.disk_migrations)
        if label in own
    ]


def test_f29_no_migration_takes_from_running_code_what_it_uses() -> None:
    excused = LANDED | CONTRACTS
    found = {name: faults(migration, before) for name, migration, before in _ours()}
    assert len(found) > 30
    assert {name: wrong for name, wrong in found.items() if wrong and name not in excused} == {}
    assert sorted(name for name in excused if not found.get(name)) == [], "these are safe, or gone: take them off the list"


def _thing(*, initial: bool = False) -> ProjectState:
    state = ProjectState()
    if not initial:
        fields: list[tuple[str, models.Field[Any, Any]]] = [
            ("id", models.AutoField(primary_key=True)),
            ("size", models.CharField(max_length=9)),
            ("old", models.IntegerField(null=True)),
        ]
        CreateModel("Thing", fields).state_forwards("beside", state)
        CreateModel("Other", [("id", models.AutoField(primary_key=True))]).state_forwards("beside", state)
    return state


def _migration(*operations: Operation, atomic: bool = True) -> migrations.Migration:
    kind = type("Next", (migrations.Migration,), {"operations": list(operations), "atomic": atomic})
    made: migrations.Migration = kind("0002_next", "beside")
    return made


def _nothing(*_arguments: Any) -> None:
    """Fill nothing."""


_INDEX: Final = models.Index(fields=["size"], name="thing_by_size")
_CHECK: Final = models.CheckConstraint(condition=models.Q(size__gt=""), name="thing_has_size")
UNSAFE: Final[dict[str, tuple[Operation, ...]]] = {
    "a column removed": (RemoveField("thing", "size"),),
    "a column renamed": (RenameField("thing", "size", "length"),),
    "a table removed": (DeleteModel("Thing"),),
    "a table renamed": (RenameModel("Thing", "Object"),),
    "a table renamed in the database": (AlterModelTable("thing", "things"),),
    "a column that old code does not fill": (AddField("thing", "new", models.IntegerField(default=0)),),
    "a unique column": (AddField("thing", "new", models.IntegerField(null=True, unique=True)),),
    "a column with an index": (AddField("thing", "new", models.IntegerField(null=True, db_index=True)),),
    "a column that refers": (AddField("thing", "other", models.ForeignKey("beside.Other", models.CASCADE, null=True)),),
    "a column that must be filled": (AlterField("thing", "old", models.IntegerField()),),
    "a column of another kind": (AlterField("thing", "old", models.TextField(null=True)),),
    "a shorter column": (AlterField("thing", "size", models.CharField(max_length=8)),),
    "an index that holds the table": (AddIndex("thing", _INDEX),),
    "a check that holds the table": (AddConstraint("thing", _CHECK),),
    "a constraint taken away": (RemoveConstraint("thing", "thing_has_size"),),
    "a column removed behind the state": (SeparateDatabaseAndState([RemoveField("thing", "size")], []),),
    "free SQL": (RunSQL("SELECT 1"),),
    "filling beside another step": (AddField("thing", "new", models.IntegerField(null=True)), RunPython(_nothing)),
    "a step beside the traffic in a transaction": (AddIndexBeside("thing", _INDEX),),
}
SAFE: Final[dict[str, tuple[Operation, ...]]] = {
    "a new table with all it has": (
        CreateModel("Newer", [("id", models.AutoField(primary_key=True)), ("size", models.TextField())]),
        AddIndex("newer", models.Index(fields=["size"], name="newer_by_size")),
        AddConstraint("newer", models.CheckConstraint(condition=models.Q(size__gt=""), name="newer_has_size")),
    ),
    "a column that may be empty": (AddField("thing", "new", models.IntegerField(null=True)),),
    "a column that the database fills": (AddField("thing", "new", models.IntegerField(db_default=0)),),
    "a longer column": (AlterField("thing", "size", models.CharField(max_length=10)),),
    "other words": (AlterField("thing", "size", models.CharField("Size", max_length=9, choices=[("a", "A")])),),
    "a column that only the state forgets": (SeparateDatabaseAndState([], [RemoveField("thing", "old")]),),
    "filling by itself": (RunPython(_nothing),),
}


@pytest.mark.parametrize("name", UNSAFE)
def test_f29_the_linter_stops(name: str) -> None:
    assert faults(_migration(*UNSAFE[name]), _thing())


@pytest.mark.parametrize("name", SAFE)
def test_f29_the_linter_lets_pass(name: str) -> None:
    assert faults(_migration(*SAFE[name]), _thing()) == []


def test_f29_steps_beside_the_traffic_stand_in_a_migration_that_may_be_broken_off() -> None:
    beside = (AddIndexBeside("thing", _INDEX), AddCheckBeside("thing", _CHECK))
    assert faults(_migration(*beside, atomic=False), _thing()) == []
    assert faults(_migration(*beside, AddField("thing", "new", models.IntegerField(null=True)), atomic=False), _thing())
