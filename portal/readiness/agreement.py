"""The settings hash: a process whose keys, sender or address are other than agreed is not ready, since the others could not read what it writes.

They are agreed on when the database is first migrated; a change on purpose is told by `manage.py agree_settings`. A demonstration agrees with
whoever starts it.
"""

from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings

from portal.env import LOOPBACK
from portal.readiness.models import Agreed

_THE_LAST: Final = "ENCRYPTION_KEYS, the last"
"""Digests are made with it (`portal.crypto`): two processes with different ones know none of each other's codes and counters."""


def differing() -> list[str]:
    """Return the names of the settings that are other than agreed, or on which nobody agreed yet. Raises `DatabaseError`.

    Of a list of keys the one in use must be known to the others, and theirs to us: so keys can be changed one process after the other.
    """
    agreed = dict(Agreed.objects.values_list("name", "digests"))
    return [name for name, mine in _mine().items() if not _fits(mine, agreed.get(name, []))]


def agree() -> list[str]:
    """Make this process's settings those that all must have; returns the names of what changed."""
    changed = [name for name, mine in _mine().items() if Agreed.objects.filter(name=name, digests=mine).count() == 0]
    for name, mine in _mine().items():
        Agreed.objects.update_or_create(name=name, defaults={"digests": mine})
    return changed


def note_after_migrating(**_signal: Any) -> None:
    """Agree on what was never agreed on. In production that is all: a command on the wrong machine must not make every other one unready."""
    if settings.PORTAL_ENV != "production":
        agree()
        return
    for name, mine in _mine().items():
        Agreed.objects.get_or_create(name=name, defaults={"digests": mine})


def _fits(mine: list[str], theirs: list[str]) -> bool:
    return bool(theirs) and mine[0] in theirs and theirs[0] in mine


def _mine() -> dict[str, list[str]]:
    """Return the digests of this process's own. A Portal on loopback has as many addresses as processes, and passes for all of them."""
    shared = {
        "SECRET_KEY": [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS],
        "ENCRYPTION_KEYS": list(settings.ENCRYPTION_KEYS),
        _THE_LAST: list(settings.ENCRYPTION_KEYS[-1:]),
        "WEBHOOK_SECRET": list(settings.WEBHOOK_SECRETS),
        "DEFAULT_FROM_EMAIL": [settings.DEFAULT_FROM_EMAIL],
        "PORTAL_BASE_URL": [settings.PORTAL_BASE_URL],
    }
    if urlsplit(settings.PORTAL_BASE_URL).hostname in LOOPBACK:
        shared["PORTAL_BASE_URL"] = ["loopback"]
    return {name: [sha256(f"{name}\x00{value}".encode()).hexdigest() for value in values] for name, values in shared.items()}
