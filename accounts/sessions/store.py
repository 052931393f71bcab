"""Django's database session store, with the person and browser beside each session."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.auth import SESSION_KEY

from accounts.models.session import Session
from portal import clock
from portal.web import origin

PENDING_PERSON = "pending_person"


class SessionStore(DatabaseStore):
    """Write the owner beside the session's data, so that sessions of a person can be listed and ended."""

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


def purge_expired() -> int:
    """Delete sessions whose cookie has run out. Returns how many."""
    return Session.objects.filter(expire_date__lt=clock.now()).delete()[0]
