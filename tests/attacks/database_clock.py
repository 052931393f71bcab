"""Move the clock of the database, which is the judge of every release, to any moment: the code that asks it is the same as ever."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from django.db import connection

_POSTGRESQL = """
CREATE SCHEMA IF NOT EXISTS travel;
CREATE OR REPLACE FUNCTION travel.statement_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
  AS $$ SELECT pg_catalog.current_setting('travel.now')::timestamptz $$;
CREATE OR REPLACE FUNCTION travel.clock_timestamp() RETURNS timestamptz STABLE LANGUAGE sql
  AS $$ SELECT pg_catalog.current_setting('travel.now')::timestamptz $$;
SET LOCAL search_path = travel, pg_catalog, public;
"""
"""Django writes these two names plainly, so that the first of the schemas that are searched says what they are."""


@contextmanager
def database_at(instant: datetime) -> Iterator[None]:
    """Let the database believe that it is this moment, inside the transaction of a test."""
    (_postgresql if connection.vendor == "postgresql" else _sqlite)(instant.astimezone(UTC))
    try:
        yield
    finally:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL search_path = DEFAULT")
        else:
            _sqlite(None)


def _postgresql(instant: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_POSTGRESQL)
        cursor.execute("SELECT set_config('travel.now', %s, true)", [instant.isoformat()])


def _sqlite(instant: datetime | None) -> None:
    # What Python has put in the place of a function of SQLite cannot be taken away again, so at the end it asks another connection for the truth.
    own = sqlite3.connect(":memory:", check_same_thread=False)
    moment = instant.strftime("%Y-%m-%d %H:%M:%S.%f") if instant else "now"

    def strftime(form: str, *said: Any) -> Any:
        words = [moment if str(word).casefold() == "now" else word for word in said or ("now",)]
        return own.execute(f"SELECT strftime({', '.join('?' * (len(words) + 1))})", [form, *words]).fetchone()[0]

    connection.ensure_connection()
    connection.connection.create_function("strftime", -1, strftime)
