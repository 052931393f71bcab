"""Why a process should get no requests, in the operator's words."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from portal import clock, limits
from portal.readiness.agreement import differing


def why_not_ready() -> list[str]:
    """Return every reason, none when all is well: database, migrations, clock, settings. Asks nothing but the database.

    Migrations that this process does not know count for nothing: old code serves on beside new (F29). Redis and the mail server are not
    asked either: without them messages wait in the outbox, and nothing is lost.
    """
    try:
        executor = MigrationExecutor(connection)
        pending = [migration for migration, _backwards in executor.migration_plan(executor.loader.graph.leaf_nodes())]
        if pending:
            return [f"migrations to come: {', '.join(map(str, pending))}"]
        return [*_clock(limits.F22_NOT_READY_SKEW_SECONDS), *_settings()]
    except DatabaseError as error:
        return [f"the database does not answer: {type(error).__name__}"]


def why_not_trusted() -> list[str]:
    """Return what a worker's operator should hear of: its clock (P22) and its settings. Raises `DatabaseError`."""
    return [*_clock(limits.P22_CLOCK_SKEW_SECONDS), *_settings()]


def _clock(most: int) -> list[str]:
    off = clock.skew().total_seconds()
    return [f"the clock is {off:.1f} s off the database's"] if off > most else []


def _settings() -> list[str]:
    names = differing()
    return [f"settings other than agreed on (manage.py agree_settings): {'; '.join(names)}"] if names else []
