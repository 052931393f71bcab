"""The freeze reference of a notice: lets its reader close the account, opens nothing, works once (issue: one-click freeze)."""

import secrets
from datetime import timedelta
from typing import Final

from accounts.models import EmailChange, FreezeReference, User
from portal import clock, crypto, limits

_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS: Final = 7
_GROUP: Final = 4  # 28 of 31 symbols: 138 bits, in groups for typing by hand


def new_reference(user: User, email_change: EmailChange | None = None) -> str:
    """Make a reference for one notice and return it in groups ("abcd-efgh-..."); only a keyed digest is kept. Part of a caller's transaction."""
    text = reference_text()
    FreezeReference.objects.create(
        user=user,
        digest=digest_of(text),
        email_change=email_change,
        expires_at=clock.now() + timedelta(days=limits.FREEZE_REFERENCE_DAYS),
    )
    return text


def digest_of(text: str) -> str:
    """Return how a typed reference is looked up: case, spaces and hyphens do not matter in a machine-made text."""
    return crypto.digest("freeze", typed(text))


def reference_text() -> str:
    """Make a text that nobody guesses, in groups for typing by hand ("abcd-efgh-...")."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(_GROUP)) for _ in range(_GROUPS))


def typed(text: str) -> str:
    """Return what counts of a reference that somebody typed or pasted."""
    return "".join(sign for sign in text.casefold() if sign.isalnum())[:100]
