"""Temporary passwords: machine-made, about 79 bits, no look-alike characters, grouped for reading (INV-3, P4)."""

import secrets
import unicodedata
from dataclasses import dataclass

from django.contrib.auth.hashers import check_password, make_password

from portal import crypto, limits

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUP = 4


@dataclass(frozen=True)
class Temporary:
    """A fresh temporary password: `text` is what counts, `shown` is how it is written in the e-mail."""

    text: str
    shown: str


def make() -> Temporary:
    """Make a temporary password of P4's length from an alphabet without i, l, o, 0 and 1."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(limits.P4_TEMPORARY_PASSWORD_LENGTH))
    return Temporary(text, "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP)))


def normal(text: str) -> str:
    """Return what a person meant: spaces (of any kind), hyphens and capitals do not matter in a machine-made secret (SIGN-2)."""
    return "".join(character for character in text.casefold() if unicodedata.category(character) not in {"Zs", "Cc", "Cf", "Pd"})


def selector(text: str) -> str:
    """Return a short keyed digest that finds the right one of several invites, so that one hash check is enough."""
    return crypto.digest("temporary-password", normal(text))[:8]


def hash_of(text: str) -> str:
    """Hash a temporary password like any other (Argon2id)."""
    return make_password(normal(text))


def matches(text: str, password_hash: str) -> bool:
    """Compare what was typed with the stored hash; one hash check."""
    return check_password(normal(text), password_hash)
