"""Who may reset somebody's MFA methods (MFA-4). Pure."""

from collections.abc import Collection
from enum import Enum

from permissions.policy import manages_people
from permissions.roles import Role


class WhoResets(Enum):
    """Where the way back from a lost phone leads."""

    HERE = "here"
    HELP_DESK = "help_desk"
    NOTHING_ENROLLED = "nothing_enrolled"


def who_resets(*, reader: Role, same_person: bool, roles: Collection[Role], staff: bool, closed: bool, enrolled: bool) -> WhoResets:
    """Say who may reset the methods of somebody at the reader's centre: the reader, or only two members of staff.

    `roles` are those at every centre: whoever manages people anywhere, or is staff, is more than a User. `closed` is an account that was
    suspended or that its owner froze: somebody who looks into what happened decides first.
    """
    if not enrolled:
        return WhoResets.NOTHING_ENROLLED
    plain_user = set(roles) == {Role.USER} and not staff
    if manages_people(reader) and plain_user and not same_person and not closed:
        return WhoResets.HERE
    return WhoResets.HELP_DESK
