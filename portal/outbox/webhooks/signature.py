"""Who may tell us something: HMAC-SHA-256 over the time and the body, with any of the secrets in WEBHOOK_SECRET. Pure."""

import hashlib
import hmac
from collections.abc import Sequence


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Return the signature (hex) of a body at a time (Unix seconds, as text): HMAC-SHA-256 over `timestamp "." body`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def authentic(*, secrets: Sequence[str], timestamp: str, signature: str, body: bytes, now: float, seconds: int) -> bool:
    """Say whether a body was signed with one of the secrets, no more than so many seconds from `now` (Unix seconds).

    Every secret is tried and each comparison takes the same time, so that nothing is learnt from how long a refusal takes (A148).
    """
    given = signature.encode("utf-8", "replace")
    matches = [hmac.compare_digest(sign(secret, timestamp, body).encode(), given) for secret in secrets]
    fresh = timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= len("9999999999") and abs(now - int(timestamp)) <= seconds
    return any(matches) and fresh
