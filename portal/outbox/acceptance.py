"""Record a provider's yes while the next message is being made ready.

A record has to reach the database's disk before the next letter leaves, so that a process or a database that dies leaves one message in
doubt, not fifty. Waiting for the disk takes as long as sending does; on PostgreSQL the statement is therefore only handed to the server, and its
answer is waited for when the next letter stands at the door (`finish`). On SQLite, and inside a transaction, it is recorded at once.
"""

import contextlib
import logging
import select
import time
from typing import Any, Final
from weakref import WeakSet

import psycopg
from django.db import Error, InterfaceError, OperationalError, connection
from psycopg.pq import ExecStatus

from portal import clock, limits
from portal.outbox.models import Message, Queue, State

log = logging.getLogger(__name__)
_AWAY: Final = (OperationalError, InterfaceError)
_PAUSE_SECONDS: Final = 0.5
_SQL: Final = (
    f"UPDATE {Message._meta.db_table} SET state = %s, reason = '', provider_id = %s, secret = '', sent_at = %s"  # noqa: S608  our own names
    " WHERE id = %s AND attempt = %s AND state = %s"
)
_WITH_PLACES: Final = _SQL.replace("%s", "${}")
_NUMBERED: Final = _WITH_PLACES.format(*range(1, 7))
_STATEMENTS: Final = {
    b"portal_accept": _NUMBERED.encode(),
    # On the disk within a moment, and seen by everybody at once: for this statement's own transaction only.
    b"portal_accept_soon": f"{_NUMBERED} AND set_config('synchronous_commit', 'off', true) IS NOT NULL".encode(),
}
_prepared: Final[WeakSet[Any]] = WeakSet()
_LONGEST_ID: Final = 200


def accept(message: Message, provider_id: str = "") -> bool:
    """Record an acceptance and wipe the secret; False when the lease was lost meanwhile. Written out, since the ORM took as long as sending."""
    key = Message._meta.get_field("id").get_db_prep_value(message.pk, connection)
    now = connection.ops.adapt_datetimefield_value(clock.now())
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [State.ACCEPTED.value, provider_id[:_LONGEST_ID], now, key, message.attempt, State.CLAIMED.value])
        return bool(cursor.rowcount)


class Acceptances:
    """The records of one worker's batch, of which the last may still be on its way to the disk.

    Nothing else may use this thread's database connection before `finish`.
    """

    def __init__(self) -> None:
        self._last: tuple[Message, str] | None = None
        self._server: Any = None

    def begin(self, message: Message, provider_id: str) -> None:
        """Hand the record over. Raises what `finish` does."""
        self.finish()
        if connection.vendor != "postgresql" or connection.in_atomic_block:
            accept(message, provider_id)
            return
        self._last = (message, provider_id)
        values = (State.ACCEPTED, provider_id[:_LONGEST_ID], clock.now().isoformat(), message.pk, message.attempt, State.CLAIMED)
        name = b"portal_accept_soon" if message.queue == Queue.BULK else b"portal_accept"
        with contextlib.suppress(*_AWAY), connection.wrap_database_errors:  # `finish` will see to it
            server = _ready()
            server.send_query_prepared(name, [str(value).encode() for value in values])
            self._server = server
            server.flush()

    def finish(self) -> None:
        """Wait until the record is on the database's disk.

        While the database is away, or the table is locked, it is tried again for ten seconds: only this process knows of the provider's yes,
        and a second record of the same claim changes nothing. Raises Django's database errors after that.
        """
        if self._last is None:
            return
        try:
            if not self._written():
                self._insist(*self._last)
        except Error:
            self._last = None
            raise
        self._last = None

    def _written(self) -> bool:
        """Wait for the answer. Whatever interrupts us here, such as a worker's time limit, leaves the rest of it to the next call."""
        written = self._server is not None
        try:
            while written and (result := _next_result(self._server)) is not None:
                written = result.status == ExecStatus.COMMAND_OK
        except psycopg.Error:
            written = False
        self._server = None
        return written

    def _insist(self, message: Message, provider_id: str) -> None:
        end = time.monotonic() + limits.P23_RECORD_SECONDS
        while True:
            try:
                accept(message, provider_id)
            except _AWAY:
                if time.monotonic() >= end:
                    raise
                log.warning("message %s was sent, and the database cannot note it yet", message.pk)
                connection.close()
                time.sleep(_PAUSE_SECONDS)
            else:
                return


def _ready() -> Any:
    """Return this thread's connection to the server, which knows our statements: to understand them takes it as long as to run them."""
    connection.ensure_connection()
    mine = connection.connection
    if mine not in _prepared:
        for name, statement in _STATEMENTS.items():
            result = mine.pgconn.prepare(name, statement)
            if result.status != ExecStatus.COMMAND_OK:
                raise psycopg.OperationalError(result.get_error_message())
        _prepared.add(mine)
    return mine.pgconn


def _next_result(server: Any) -> Any:
    """Return the next result of the statement, or None behind the last; other threads run meanwhile."""
    while (unsent := server.flush()) or server.is_busy():
        waiting = select.poll()
        waiting.register(server.socket, select.POLLIN | (select.POLLOUT if unsent else 0))
        waiting.poll()
        server.consume_input()
    return server.get_result()
