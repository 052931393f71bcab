"""A kept connection to PostgreSQL is looked at before each request (F12): cheaply while it stands, and never taken for one that still does."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, connections

from portal.postgresql.base import DatabaseWrapper

pytestmark = [pytest.mark.services, pytest.mark.django_db]


@pytest.fixture
def kept() -> Iterator[DatabaseWrapper]:
    """A connection of its own, as a thread of the web process keeps one between two requests."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    own: Any = connections.create_connection("default")
    own.ensure_connection()
    try:
        yield own
    finally:
        own.close()


def last_statement(of: DatabaseWrapper) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT query FROM pg_stat_activity WHERE pid = %s", [of.connection.info.backend_pid])
        found: str = cursor.fetchone()[0]
    return found


def test_f12_a_connection_that_stands_is_not_asked(kept: DatabaseWrapper) -> None:
    with kept.cursor() as cursor:
        cursor.execute("SELECT 42")
    assert kept.is_usable()
    assert last_statement(kept) == "SELECT 42"


def test_f12_a_connection_that_was_thrown_out_is_not_used_again(kept: DatabaseWrapper) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [kept.connection.info.backend_pid])
    time.sleep(0.05)
    assert not kept.is_usable()


def test_f12_the_next_request_gets_a_new_connection(kept: DatabaseWrapper) -> None:
    before = kept.connection.info.backend_pid
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [before])
    time.sleep(0.05)
    kept.close_if_unusable_or_obsolete()  # what Django does at the beginning of a request
    with kept.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        assert cursor.fetchone()[0] != before


def test_f12_a_connection_whose_answer_nobody_waited_for_is_not_used_again(kept: DatabaseWrapper) -> None:
    """As a worker leaves one whose time is over in the middle of a statement: nothing is to be read yet, and the next one would fail on it."""
    kept.connection.pgconn.send_query(b"SELECT pg_sleep(0.5)")
    assert not kept.is_usable()
