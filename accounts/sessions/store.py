"""Django's database session store with the person and the browser beside each session, and one plain statement for each deed.

Django's own store asks before it inserts, selects before it deletes, and copies a row to give it a new id; building the queries costs more than
running them, and every request of everybody pays it. Measured by bench/cost.py; a row that was deleted cannot come back (the update finds nothing).
"""

import re
import secrets
from datetime import UTC, datetime
from typing import Any, Final

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

from accounts.models import User
from accounts.models.session import PENDING_PERSON, STARTED, Session
from portal import clock, limits
from portal.web import origin

_KEY_LENGTH: Final = 32
_KEY: Final = re.compile(rf"[{VALID_KEY_CHARS}]{{{_KEY_LENGTH}}}")
_LONGEST_BROWSER: Final = 200
_LONGEST_ADDRESS: Final = 45
_LOAD: Final = "SELECT session_data FROM accounts_session WHERE session_key = %s AND expire_date > %s"
_INSERT: Final = (
    "INSERT INTO accounts_session (session_key, session_data, expire_date, user_id, browser, address, seen_at, signed_in_at)"
    " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
)
_UPDATE: Final = (
    "UPDATE accounts_session SET session_key = %s, session_data = %s, expire_date = %s, user_id = %s, browser = %s, address = %s, seen_at = %s,"
    " signed_in_at = %s WHERE session_key = %s"
)
_TRIM: Final = (
    "DELETE FROM accounts_session WHERE user_id = %s AND signed_in_at IS NOT NULL AND session_key NOT IN ("
    "SELECT session_key FROM accounts_session WHERE user_id = %s AND signed_in_at IS NOT NULL ORDER BY signed_in_at DESC, session_key LIMIT %s)"
)
_COUNT: Final = "SELECT count(*), count(signed_in_at) FROM accounts_session WHERE user_id = %s"
_DELETE: Final = "DELETE FROM accounts_session WHERE session_key = %s"


class SessionStore(DatabaseStore):
    """Write the owner beside the session's data, so that sessions of a person can be listed and ended."""

    _stored_key: str | None = None
    trim_after_save = False
    """Set by a sign-in that may be the person's sixth: once this session is stored, the oldest beyond five go (P20), however many sign in at once."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Name our session table."""
        return Session

    def load(self) -> dict[str, Any]:
        """Read the session's data; an id without a row is dropped, as Django does."""
        with connection.cursor() as cursor:
            cursor.execute(_LOAD, [self.session_key, _instant(clock.now())])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        return self.decode(row[0])

    def save(self, must_create: bool = False) -> None:
        """Insert a new session or update the row there is. Raises `UpdateError` when somebody ended the session meanwhile."""
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        values = [
            self.session_key,
            self.encode(data),
            _instant(self.get_expiry_date()),
            _owner(data),
            origin.current().browser[:_LONGEST_BROWSER],
            origin.current().address[:_LONGEST_ADDRESS],
            _instant(clock.now()),
            _signed_in_at(data),
        ]
        with connection.cursor() as cursor:
            if must_create:
                cursor.execute(_INSERT, values)
                return
            cursor.execute(_UPDATE, [*values, self.stored_key])
            if not cursor.rowcount:
                raise UpdateError
            if self.trim_after_save and SESSION_KEY in data:
                cursor.execute(_TRIM, [_owner(data), _owner(data), limits.P20_PARALLEL_SESSIONS])
                self.trim_after_save = False
        self._stored_key = None

    def cycle_key(self) -> None:
        """Give the session a new id, written with its data when the request is answered; from then on the old one is worthless.

        The row itself is renamed, so there is no moment with two ids, and a session that was ended meanwhile stays ended.
        """
        self._get_session()  # type: ignore[attr-defined]
        if self.session_key is not None:
            self._stored_key = self.stored_key
            self._session_key = self._get_new_session_key()
        self.modified = True

    @property
    def stored_key(self) -> str | None:
        """The id under which the row stands now: the old one until a new one was written."""
        return self._stored_key or self.session_key

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session's row: this one's, or another's by its id."""
        key = session_key or self.stored_key
        if session_key is None:
            self._stored_key = None
        with connection.cursor() as cursor:
            cursor.execute(_DELETE, [key])

    def _validate_session_key(self, key: str | None) -> bool:
        """Take what could be an id of ours; a cookie can hold anything, and NUL is a fault in PostgreSQL."""
        return bool(key and _KEY.fullmatch(key))

    def _get_new_session_key(self) -> str:
        """Make an id of 165 random bits, drawn at once and not sign by sign; asking whether it is taken would only cost a query."""
        number, signs = secrets.randbelow(len(VALID_KEY_CHARS) ** _KEY_LENGTH), []
        for _place in range(_KEY_LENGTH):
            number, sign = divmod(number, len(VALID_KEY_CHARS))
            signs.append(VALID_KEY_CHARS[sign])
        return "".join(signs)


def count_of(user: User) -> tuple[int, int]:
    """Return how many sessions a person has, half-finished sign-ins too, and how many of them are signed in."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_person(user.pk)])
        rows, signed_in = cursor.fetchone()
    return rows, signed_in


def purge_expired() -> int:
    """Delete sessions whose cookie has run out. Returns how many."""
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]


def _owner(data: dict[str, Any]) -> Any:
    """Return whose session it is, as the database takes it: the signed-in person, or the one whose password was right."""
    owner = data.get(SESSION_KEY) or data.get(PENDING_PERSON)
    return _person(owner) if owner else None


def _person(key: Any) -> Any:
    return Session._meta.get_field("user").get_db_prep_value(key, connection)


def _signed_in_at(data: dict[str, Any]) -> Any:
    """Return when the person's factor was proved, or None for a sign-in under way."""
    return _instant(datetime.fromtimestamp(data[STARTED], UTC)) if SESSION_KEY in data and STARTED in data else None


def _instant(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
