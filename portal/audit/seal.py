"""The seal of an event: a keyed digest of what it says, written with it, so that a change behind the triggers' back shows (A135).

Whoever owns the database can take the triggers away, but has no key: neither a changed line nor an invented one gets a seal that fits.
"""

import json
import secrets
from datetime import UTC
from typing import Any, Final

from portal import crypto

SEALED: Final = (
    "number", "kind", "actor_id", "actor_name", "subject_id", "subject_name", "centre_id", "centre_number", "address", "browser",
)  # fmt: skip
_SALT_BYTES: Final = 8


def new_seal(event: Any) -> str:
    """Return the seal of an event that is about to be written: a random part, so that no two events have the same, and the digest."""
    salt = secrets.token_hex(_SALT_BYTES)
    return salt + _digest(event, salt)


def fits(event: Any) -> bool:
    """Say whether an event says what it said when it was written."""
    salt = event.seal[: 2 * _SALT_BYTES]
    return crypto.same(event.seal, salt + _digest(event, salt))


def link_digest(*, position: int, before: str, event: Any) -> str:
    """Return what a link of the chain holds: its place, the link before it, the key and the seal of its event."""
    return crypto.digest("audit-link", str(position), before, str(event.pk), event.seal)


def _digest(event: Any, salt: str) -> str:
    said = [str(getattr(event, name)) for name in SEALED]
    return crypto.digest("audit-seal", salt, event.at.astimezone(UTC).isoformat(), json.dumps([said, _plain(event.detail)], sort_keys=True))


def _plain(detail: Any) -> Any:
    """Return the details as a database gives them back: PostgreSQL writes 1e5 as 100000."""
    return json.loads(json.dumps(detail), parse_float=lambda text: int(float(text)) if float(text).is_integer() else float(text))
