"""Who may handle which invite. Pure."""

from permissions.policy import may_manage
from permissions.roles import Role


def may_handle(*, row_role: Role, by_staff: bool, place_role: Role | None) -> bool:
    """Say whether somebody may re-send, correct or withdraw an invite (INV-2).

    Staff handle those of Exams Officers, the centre's managers all others.
    `place_role` is the actor's role at the invite's centre, None for somebody who has no place there.
    """
    if row_role is Role.EXAMS_OFFICER:
        return by_staff
    return place_role is not None and may_manage(place_role, row_role, same_person=False)
