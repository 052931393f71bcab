"""F29, F30: steps of migrations beside the traffic, on PostgreSQL; each may be broken off and run again."""

import time
from collections.abc import Iterator
from threading import Thread
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, NotSupportedError, OperationalError, connection, models, transaction
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from portal.migrating import AddCheckBeside, AddIndexBeside

pytestmark = [pytest.mark.usefixtures("server_db"), pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's own")]


@pytest.fixture
def state() -> Iterator[ProjectState]:
    """A table of some rows, and a state of migrations that knows it."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE beside_thing (id serial PRIMARY KEY, size int NOT NULL)")
        cursor.execute("INSERT INTO beside_thing (size) SELECT generate_series(1, 500)")
    known = ProjectState()
    known.add_model(ModelState("beside", "Thing", [("id", models.AutoField(primary_key=True)), ("size", models.IntegerField())], {}))
    yield known
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE beside_thing")


def play(operation: Operation, before: ProjectState, *, backwards: bool = False) -> None:
    after = before.clone()
    operation.state_forwards("beside", after)
    with connection.schema_editor(atomic=False) as editor:
        if backwards:
            operation.database_backwards("beside", editor, after, before)
        else:
            operation.database_forwards("beside", editor, before, after)


def ask(sql: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def index() -> AddIndexBeside:
    return AddIndexBeside("thing", models.Index(fields=["size"], name="thing_by_size"))


def check(least: int = 0) -> AddCheckBeside:
    return AddCheckBeside("thing", models.CheckConstraint(condition=models.Q(size__gt=least), name="thing_has_size"))


def valid() -> list[Any]:
    return ask("SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('thing_by_size')")


def test_f29_an_index_is_built_while_somebody_writes_and_waits_for_him_longer_than_for_a_lock(state: ProjectState) -> None:
    writer = psycopg.connect(**{name: connection.get_connection_params()[name] for name in ("host", "port", "user", "dbname")})
    writer.execute("UPDATE beside_thing SET size = 7 WHERE id = 1")
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = '300ms'")

    def write_on() -> None:
        writer.execute("SELECT pg_sleep(1)")
        writer.execute("UPDATE beside_thing SET size = 8")
        writer.commit()

    building = Thread(target=write_on)
    building.start()
    play(index(), state)
    building.join()
    writer.close()
    assert valid() == [(True,)]
    play(index(), state, backwards=True)
    assert valid() == []


def test_f29_a_check_lets_nobody_queue_behind_it_for_longer_than_a_lock_may_take(state: ProjectState) -> None:
    reader = psycopg.connect(**{name: connection.get_connection_params()[name] for name in ("host", "port", "user", "dbname")})
    reader.execute("SELECT count(*) FROM beside_thing")
    began = time.monotonic()
    with pytest.raises(OperationalError, match="lock timeout"):
        play(check(), state)
    assert time.monotonic() - began < 10
    reader.close()
    play(check(), state)


def test_f30_what_was_broken_off_is_built_anew_and_what_is_there_is_left_alone(state: ProjectState) -> None:
    play(index(), state)
    ask_again = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = to_regclass('thing_by_size') RETURNING 1"
    assert ask(ask_again)
    play(index(), state)
    assert valid() == [(True,)]
    play(index(), state)
    play(check(), state)
    play(check(), state)
    assert ask("SELECT convalidated FROM pg_constraint WHERE conname = 'thing_has_size'") == [(True,)]


def test_f30_a_check_that_old_rows_break_stands_for_new_ones_and_can_be_tried_again(state: ProjectState) -> None:
    with pytest.raises(IntegrityError):
        play(check(3), state)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask("INSERT INTO beside_thing (size) VALUES (2) RETURNING 1")
    ask("UPDATE beside_thing SET size = 9 WHERE size <= 3 RETURNING 1")
    play(check(3), state)
    assert ask("SELECT convalidated FROM pg_constraint WHERE conname = 'thing_has_size'") == [(True,)]


@pytest.mark.parametrize("step", [index, check])
def test_f29_inside_a_transaction_neither_is_begun(state: ProjectState, step: Any) -> None:
    with pytest.raises(NotSupportedError, match="atomic = False"), transaction.atomic():
        play(step(), state)
