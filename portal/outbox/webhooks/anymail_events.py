"""Events of the providers that django-anymail knows, in our words. Its views check who asks: WEBHOOK_SECRET as basic authentication."""

import hashlib
from contextlib import suppress
from typing import Any, Final
from uuid import UUID

from portal.outbox.webhooks.flow import Report, note
from portal.outbox.webhooks.models import Tiding

ROW: Final = "portal_message"
"""The name under which a provider carries our row's id with a message and gives it back with each event."""

_TIDINGS: Final = {
    "delivered": Tiding.DELIVERED,
    "bounced": Tiding.BOUNCED,
    "rejected": Tiding.BOUNCED,
    "failed": Tiding.BOUNCED,
    "complained": Tiding.COMPLAINED,
}


def heard(*, event: Any, esp_name: str, **_kwargs: Any) -> None:
    """Note one event of django-anymail's `tracking` signal; what is no tiding of ours (opened, clicked, deferred) is let go."""
    tiding = _TIDINGS.get(event.event_type)
    if tiding is None:
        return
    note(
        Report(
            provider=esp_name,
            event_id=_id_of(event),
            tiding=tiding,
            row=_row_of(event),
            reference=event.message_id or "",
            reason=" ".join(filter(None, (event.mta_response, event.description, event.reject_reason))) if tiding == Tiding.BOUNCED else "",
            happened_at=event.timestamp,
        )
    )


def _id_of(event: Any) -> str:
    """Return the provider's id of an event with its kind; some give one id to all events of a message, and some none at all."""
    parts = (event.event_id, event.event_type, event.message_id, event.recipient, event.timestamp)
    return hashlib.sha256("\x00".join(str(part) for part in parts).encode()).hexdigest()


def _row_of(event: Any) -> UUID | None:
    with suppress(ValueError, TypeError, AttributeError):
        return UUID(str(event.metadata.get(ROW)))
    return None
