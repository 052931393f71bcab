"""Words that must not be read in an address: a search for a person travels encrypted (contract.md, Paths)."""

from cryptography.fernet import InvalidToken

from portal import crypto


def seal(text: str, *, purpose: str) -> str:
    """Return text as it may stand in a query; empty stays empty."""
    return crypto.encrypt(text, purpose=purpose) if text else ""


def unseal(sealed: str, *, purpose: str) -> str:
    """Return what `seal` was given; anything else, also for another purpose, is nothing."""
    try:
        return crypto.decrypt(sealed, purpose=purpose) if sealed else ""
    except (InvalidToken, ValueError):
        return ""
