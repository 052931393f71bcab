"""Read a signed body: `{"events": [{"id", "type", "message", "at", "reason"}]}`. Pure."""

import json
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from portal import limits
from portal.outbox.webhooks.flow import Report
from portal.outbox.webhooks.models import Tiding

OWN: Final = "signed"
"""The name of the provider in rows that came through our own format."""
_LONGEST_ID: Final = 200


class Unreadable(ValueError):
    """The body is not in our format."""


def reports_in(body: bytes) -> list[Report]:
    """Return the events of a body; those of other types than ours are left out. Raises `Unreadable`."""
    try:
        events = json.loads(body)["events"]
        return list(_read(events))
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Unreadable from error


def _read(events: Any) -> Iterator[Report]:
    if not isinstance(events, list) or len(events) > limits.WEBHOOK_EVENTS_AT_ONCE:
        raise Unreadable
    for event in events:
        texts = {name: str(event.get(name, "")) for name in ("id", "type", "message", "at", "reason")}
        if not texts["id"] or len(texts["id"]) > _LONGEST_ID or "\x00" in "".join(texts.values()):
            raise Unreadable
        if texts["type"] in Tiding.values:
            row = _own_id(texts["message"])
            yield Report(
                provider=OWN,
                event_id=texts["id"],
                tiding=Tiding(texts["type"]),
                row=row,
                reference="" if row else texts["message"],
                reason=texts["reason"] if texts["type"] == Tiding.BOUNCED else "",
                happened_at=_instant(texts["at"]),
            )


def _own_id(message: str) -> UUID | None:
    """Return our row's id from a Message-ID header (`<id@host>`) or as it stands; None when it is the provider's own id."""
    with suppress(ValueError):
        return UUID(message.strip().strip("<>").partition("@")[0])
    return None


def _instant(text: str) -> datetime | None:
    if not text:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
