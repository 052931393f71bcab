"""Make centres and members through the real flows."""

from collections.abc import Iterable
from datetime import date
from itertools import count

from accounts.models import User
from permissions.levels import Right
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre, Membership
from permissions.roles import Role

_numbers = count(10001)


def new_centre(**fields: object) -> Centre:
    """Make a centre with a number of its own."""
    return Centre.objects.create(**{"number": f"{next(_numbers):05}", "name": "Ysgol Enghraifft", **fields})


def new_person(**fields: object) -> User:
    """Make a person with an address of their own; they cannot sign in by password."""
    details = {
        "email": f"person{next(_numbers)}@example.org",
        "password": None,
        "first_name": "Nia",
        "last_name": "Jones",
    }
    return User.objects.create_user(**{**details, **fields})  # type: ignore[arg-type]


def new_member(
    centre: Centre,
    role: Role,
    *,
    user: User | None = None,
    rights: Iterable[Right] | None = None,
    ends_on: date | None = None,
) -> Membership:
    """Make somebody who has accepted a place at a centre."""
    place = open_membership(centre=centre, role=role, rights=rights, ends_on=ends_on)
    return accept(membership=place, user=user or new_person())
