"""Check a password so that the time tells nothing about the account: the same hashing for everybody, old costs included (A01, P2).

Were one account's hash dearer than another's (after the cost was raised), its answers would come later. So as long as hashes of other costs
exist, each check does one of every cost: the account's own, and a decoy of each of the others, always in the same order, since what a hash
takes depends on how much memory the one before has just given back. A right password with an old cost is hashed anew at once, so old costs die out.
"""

import base64
import secrets
import time
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from django.contrib.auth.hashers import BasePasswordHasher, check_password, get_hasher

from accounts.models import Invitation, User

if TYPE_CHECKING:
    from django.db.models import QuerySet

_PREFIX_PARTS: Final = 4  # argon2$argon2id$v=19$m=19456,t=2,p=1
_ARGON2: Final = "argon2$argon2id$"
_KNOWN_FOR_SECONDS: Final = 60


class _Costs:
    """The costs in use, as the database had them a minute ago; read anew by the first who asks later."""

    found: frozenset[str] = frozenset()
    read_at: float | None = None


def matches(typed: str, encoded: str | None) -> bool:
    """Say whether a password in its normal form is the one of a stored hash; None (nobody) is checked against a hash of nobody's."""
    own = encoded or _nobodys()
    mine = cost_of(own) or cost_of(_nobodys())
    found = [check_password(typed, own if cost == mine else _decoy(cost)) for cost in sorted(costs_in_use() | {mine})]
    return any(found) and encoded is not None


def cost_of(encoded: str) -> str:
    """Return the part of a hash that names its algorithm and cost, or "" for one that is never computed (unusable, or not ours)."""
    return "$".join(encoded.split("$")[:_PREFIX_PARTS]) if encoded.startswith(_ARGON2) else ""


def is_current(encoded: str) -> bool:
    """Say whether a hash has today's cost (P2)."""
    return not get_hasher().must_update(encoded)


def costs_in_use() -> frozenset[str]:
    """Return today's cost and every other that some account or open invite still has."""
    now = time.monotonic()
    if _Costs.read_at is None or now - _Costs.read_at > _KNOWN_FOR_SECONDS:
        _Costs.found, _Costs.read_at = frozenset(_read_costs()), now
    return _Costs.found


def forget_costs() -> None:
    """Read the costs anew at the next check; for tests, which change hashes behind our back."""
    _Costs.read_at = None


def _read_costs() -> set[str]:
    """Ask for one hash of a cost not met yet, until there is none: one query a cost, two when all is well."""
    found = {cost_of(_nobodys())}
    stored: tuple[tuple[QuerySet[Any], str], ...] = ((User.objects.all(), "password"), (Invitation.objects.all(), "password_hash"))
    for rows, field in stored:
        rest = rows.filter(**{f"{field}__startswith": _ARGON2}).order_by()
        while True:
            others = rest
            for cost in found:
                others = others.exclude(**{f"{field}__startswith": f"{cost}$"})
            encoded = others.values_list(field, flat=True).first()
            if encoded is None:
                break
            found.add(cost_of(encoded))
    return found


def _nobodys() -> str:
    """Return a hash of today's cost that nobody has a password for."""
    return _nobodys_of(get_hasher())


@cache
def _nobodys_of(hasher: BasePasswordHasher) -> str:
    return hasher.encode(secrets.token_hex(16), hasher.salt())


def _decoy(cost: str) -> str:
    """Return a hash of this cost that nothing matches."""
    salt, digest = (base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=") for size in (16, 32))
    return f"{cost}${salt}${digest}"
