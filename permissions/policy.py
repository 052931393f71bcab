"""The rules over the access table: pure functions, no database, so that tests enumerate them and pages print them."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from permissions.access import ALWAYS, HELD, TABLE, Cell
from permissions.levels import Level, Right, Service
from permissions.reasons import Reason
from permissions.roles import MANAGERS, Role

Holdings = Mapping[Right, date | None]
"""The grants of one membership: each right with the last day on which it holds, or None for no end."""


@cache
def default_rights(role: Role) -> frozenset[Right]:
    """Return what an account of this role gets unless the giver says otherwise."""
    return frozenset(right for right, row in TABLE.items() if row[role] is Cell.DEFAULT)


@cache
def ceiling(role: Role) -> frozenset[Right]:
    """Return the most an account of this role can ever hold."""
    return frozenset(right for right, row in TABLE.items() if row[role] is not Cell.NEVER)


def complete(rights: Iterable[Right]) -> frozenset[Right]:
    """Add what goes with a choice of rights: what everybody has, and the lower levels of a service whose higher level is chosen."""
    chosen = frozenset(rights) | ALWAYS
    return chosen | {
        (service, level) for service, level in TABLE if any(service is other and level.rank < higher.rank for other, higher in chosen)
    }


def why_not(role: Role, grants: Holdings, service: Service, level: Level, today: date) -> Reason | None:
    """Return why a person may not open a service at a level today, or None when they may.

    `today` is the date in Europe/London; the last day of a grant counts.
    """
    right = (service, level)
    if right not in ceiling(role):
        return Reason.NEVER
    if right not in grants:
        return Reason.NOT_GIVEN
    ends_on = grants[right]
    if ends_on is not None and today > ends_on:
        return Reason.ENDED
    return None


def may(role: Role, grants: Holdings, service: Service, level: Level, today: date) -> bool:
    """Say whether a person may open a service at a level today."""
    return why_not(role, grants, service, level, today) is None


def valid_rights(role: Role, grants: Holdings, today: date) -> frozenset[Right]:
    """Return all that a person may open today."""
    return frozenset(right for right in grants if may(role, grants, *right, today))


def rights_during_hold(rights: Iterable[Right]) -> frozenset[Right]:
    """Return what is left of somebody's rights during the 24-hour hold (MFA-5); managing people rests too."""
    return frozenset(rights) - HELD


def manages_people(role: Role) -> bool:
    """Say whether this role manages the centre's people: an Exams Officer or an Admin (INV-2)."""
    return role in MANAGERS


def may_invite(actor_role: Role, role: Role) -> bool:
    """Say whether somebody of one role may invite somebody of another: an Exams Officer is invited only by staff (INV-2)."""
    return manages_people(actor_role) and role is not Role.EXAMS_OFFICER


def may_manage(actor_role: Role, target_role: Role, same_person: bool) -> bool:
    """Say whether somebody may delete another account or re-send its invite: never an Exams Officer's, never their own (MAN-2)."""
    return manages_people(actor_role) and target_role is not Role.EXAMS_OFFICER and not same_person


def may_suspend(actor_role: Role, target_role: Role, same_person: bool) -> bool:
    """Say whether somebody may suspend another account at their centre: an Exams Officer anybody's but their own (MAN-5)."""
    return actor_role is Role.EXAMS_OFFICER and may_manage(actor_role, target_role, same_person)


def grantable_by(actor_role: Role, role: Role) -> bool:
    """Say whether somebody may change the access of accounts of a role: EO everybody's, Admin that of Admins and Users, User nobody's.

    Nobody changes their own; the flow compares the persons.
    """
    if actor_role is Role.EXAMS_OFFICER:
        return True
    return actor_role is Role.ADMIN and role is not Role.EXAMS_OFFICER


def givable(actor_role: Role, actor_rights: Iterable[Right], role: Role) -> frozenset[Right]:
    """Return the rights somebody may add to an account of a role: what it can hold, and of that only what the giver holds too (A76)."""
    if not grantable_by(actor_role, role):
        return frozenset()
    return (ceiling(role) & frozenset(actor_rights)) | ALWAYS
