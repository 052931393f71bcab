"""Django's database session store with the person and the browser beside each session, and one statement for each deed.

Django's own store asks before it inserts, selects before it deletes, and copies a row to give it a new id. A whole sign-in does all of that
three times; here each is one statement, and a row that was deleted still cannot come back (the update finds nothing).
"""

from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import VALID_KEY_CHARS, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils.crypto import get_random_string

from accounts.models.session import Session
from portal import clock
from portal.web import origin

PENDING_PERSON = "pending_person"
_KEY_LENGTH = 32


class SessionStore(DatabaseStore):
    """Write the owner beside the session's data, so that sessions of a person can be listed and ended."""

    _stored_key: str | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Name our session table."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Make the row; the owner is the signed-in person, or the one whose password was right."""
        row: Session = super().create_model_instance(data)
        row.user_id = data.get(SESSION_KEY) or data.get(PENDING_PERSON)
        row.browser = origin.current().browser[:200]
        row.seen_at = clock.now()
        return row

    def save(self, must_create: bool = False) -> None:
        """Insert a new session or update the row there is. Raises `UpdateError` when somebody ended the session meanwhile."""
        if self.session_key is None:
            self.create()
            return
        row = self.create_model_instance(self._get_session(no_load=must_create))
        if must_create:
            row.save(force_insert=True)
            return
        values = {name: getattr(row, name) for name in ("session_data", "expire_date", "user_id", "browser", "seen_at")}
        if self._stored_key is not None:
            values["session_key"] = self.session_key
        if not Session.objects.filter(pk=self.stored_key).update(**values):
            raise UpdateError
        self._stored_key = None

    def cycle_key(self) -> None:
        """Give the session a new id, written with its data when the request is answered; from then on the old one is worthless.

        The row itself is renamed, so there is no moment with two ids, and a session that was ended meanwhile stays ended.
        """
        self._get_session()
        if self.session_key is not None:
            self._stored_key = self.stored_key
            self._session_key = self._get_new_session_key()
        self.modified = True

    @property
    def stored_key(self) -> str | None:
        """The id under which the row stands now: the old one until a new one was written."""
        return self._stored_key or self.session_key

    def load(self) -> dict[str, Any]:
        """Read the session's data; an id without a row is dropped, as Django does."""
        found = Session.objects.filter(pk=self.session_key, expire_date__gt=clock.now()).values_list("session_data", flat=True)
        data = next(iter(found), None)
        if data is None:
            self._session_key = None
            return {}
        return self.decode(data)

    def delete(self, session_key: str | None = None) -> None:
        """Delete a session's row."""
        key = session_key or self.stored_key
        if session_key is None:
            self._stored_key = None
        if key is not None:
            Session.objects.filter(pk=key).delete()

    def _get_new_session_key(self) -> str:
        """Make an id of 165 random bits; asking whether it is taken would only cost a query."""
        return get_random_string(_KEY_LENGTH, VALID_KEY_CHARS)


def purge_expired() -> int:
    """Delete sessions whose cookie has run out. Returns how many."""
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]
