"""ROLE, INV-2, MAN-2: the policy, enumerated over all roles, rights and days."""

from datetime import date, timedelta
from itertools import product

import pytest

from permissions.access import ALWAYS, TABLE, Cell
from permissions.levels import Level, Right, Service
from permissions.policy import (
    ceiling,
    complete,
    default_rights,
    givable,
    grantable_by,
    manages_people,
    may,
    may_invite,
    may_manage,
    valid_rights,
    why_not,
)
from permissions.reasons import Reason
from permissions.roles import Role

TODAY = date(2027, 3, 31)
ENDS = {None: None, TODAY: None, TODAY + timedelta(1): None, TODAY - timedelta(1): Reason.ENDED}
EO, ADMIN, USER = Role


@pytest.mark.parametrize(("role", "right"), list(product(Role, TABLE)))
def test_role_only_a_grant_within_the_ceiling_opens(role: Role, right: Right) -> None:
    """For every role and right: no grant opens nothing, a grant beyond the ceiling opens nothing, the last day counts."""
    never = TABLE[right][role] is Cell.NEVER
    assert why_not(role, {}, *right, TODAY) is (Reason.NEVER if never else Reason.NOT_GIVEN)
    for ends_on, reason in ENDS.items():
        expected = Reason.NEVER if never else reason
        assert why_not(role, {right: ends_on}, *right, TODAY) is expected
        assert may(role, {right: ends_on}, *right, TODAY) is (expected is None)
        assert valid_rights(role, {right: ends_on}, TODAY) == (set() if expected else {right})


@pytest.mark.parametrize(("role", "right", "other"), list(product(Role, TABLE, TABLE)))
def test_role_a_grant_of_one_right_opens_no_other(role: Role, right: Right, other: Right) -> None:
    """Rights do not leak into each other."""
    assert may(role, {other: None}, *right, TODAY) is (right == other and right in ceiling(role))


def test_role_defaults_lie_within_ceilings() -> None:
    """EO and Admin get all by default, a User the resources; a User's ceiling lacks three rights."""
    assert default_rights(EO) == default_rights(ADMIN) == ceiling(EO) == ceiling(ADMIN) == set(TABLE)
    assert default_rights(USER) == ALWAYS
    assert set(TABLE) - ceiling(USER) == {
        (Service.A2C_KEYS, Level.MANAGE),
        (Service.ENTRIES, Level.MAKE),
        (Service.RESULTS, Level.VIEW_EMBARGOED),
    }


def test_role_a_higher_level_brings_the_lower_one() -> None:
    """Who may make entries sees them; who sees embargoed results sees released ones; resources come with everything."""
    assert complete([]) == ALWAYS
    assert complete([(Service.ENTRIES, Level.MAKE)]) == ALWAYS | {
        (Service.ENTRIES, Level.MAKE),
        (Service.ENTRIES, Level.VIEW),
    }
    assert (Service.RESULTS, Level.VIEW_RELEASED) in complete([(Service.RESULTS, Level.VIEW_EMBARGOED)])
    assert complete([(Service.ENTRIES, Level.VIEW)]) == ALWAYS | {(Service.ENTRIES, Level.VIEW)}


@pytest.mark.parametrize(("actor", "target"), list(product(Role, Role)))
def test_inv2_who_may_invite_whom(actor: Role, target: Role) -> None:
    """EO and Admin invite Admins and Users; nobody at a centre invites an EO."""
    assert may_invite(actor, target) is (actor in {EO, ADMIN} and target in {ADMIN, USER})


@pytest.mark.parametrize(("actor", "target", "same"), list(product(Role, Role, (True, False))))
def test_man2_who_may_delete_whom(actor: Role, target: Role, same: bool) -> None:
    """EO and Admin delete Admins and Users, never themselves and never the EO."""
    assert may_manage(actor, target, same) is (actor in {EO, ADMIN} and target in {ADMIN, USER} and not same)


@pytest.mark.parametrize(("actor", "target"), list(product(Role, Role)))
def test_role_who_may_set_whose_access(actor: Role, target: Role) -> None:
    """EO: everybody's; Admin: Admins and Users; User: nobody's."""
    assert grantable_by(actor, target) is (actor is EO or (actor is ADMIN and target is not EO))


@pytest.mark.parametrize(("actor", "target", "right"), list(product(Role, Role, TABLE)))
def test_a76_nobody_gives_what_they_lack_or_what_the_target_can_never_have(actor: Role, target: Role, right: Right) -> None:
    """A giver's own rights and the target's ceiling both bound what can be given; resources are always included."""
    allowed = grantable_by(actor, target)
    assert (right in givable(actor, {right}, target)) is (allowed and (right in ceiling(target)))
    assert givable(actor, set(TABLE) - {right}, target) == (ceiling(target) - ({right} - ALWAYS) if allowed else frozenset())


def test_who_manages_people() -> None:
    """INV-2: EO and Admin."""
    assert [role for role in Role if manages_people(role)] == [EO, ADMIN]
