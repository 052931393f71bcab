"""The access table and the policy in words. Pure."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from permissions.access import ALWAYS, TABLE, Cell
from permissions.policy import grantable_by, manages_people, may_invite, may_manage, may_suspend
from permissions.roles import Role
from permissions.words import NOTES, label

CELLS: Final[dict[Cell, Promise]] = {Cell.DEFAULT: _("By default"), Cell.ON_REQUEST: _("On request"), Cell.NEVER: _("Never")}
_YES: Final = pgettext_lazy("may do", "Yes")
_NO: Final = pgettext_lazy("may do", "No")


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that can be done, and what each type of account may, with the account's name for narrow screens."""

    what: Promise
    note: Promise | str
    cells: list[tuple[Promise | str, Promise]]


def services() -> list[Line]:
    """Return a line for each right of the access table."""
    return [
        Line(
            label(right),
            NOTES[right],
            [(role.label, _("Always") if right in ALWAYS else CELLS[cell]) for role, cell in row.items()],
        )
        for right, row in TABLE.items()
    ]


def people() -> list[Line]:
    """Return a line for each deed on people, asked of the policy itself."""
    return [Line(what, note, [(role.label, _YES if may(role) else _NO) for role in Role]) for what, note, may in _DEEDS]


_DEEDS: Final[list[tuple[Promise, Promise | str, Callable[[Role], bool]]]] = [
    (_("Invite and delete Users"), "", lambda role: may_invite(role, Role.USER) and may_manage(role, Role.USER, same_person=False)),
    (
        _("Invite and delete Admins"),
        _("Up to 3 for each centre, pending invites included. Nobody deletes themselves."),
        lambda role: may_invite(role, Role.ADMIN) and may_manage(role, Role.ADMIN, same_person=False),
    ),
    (
        _("Invite and delete the Exams Officer"),
        _("Only our help desk"),
        lambda role: may_invite(role, Role.EXAMS_OFFICER) or may_manage(role, Role.EXAMS_OFFICER, same_person=False),
    ),
    (
        _("Change the access of Admins and Users"),
        _("Nobody changes their own access."),
        lambda role: grantable_by(role, Role.ADMIN) and grantable_by(role, Role.USER),
    ),
    (
        _("Suspend and restore Admins and Users"),
        _("At their own centre. Our help desk can suspend an account everywhere."),
        lambda role: may_suspend(role, Role.ADMIN, same_person=False) and may_suspend(role, Role.USER, same_person=False),
    ),
    (_("Answer access requests"), _("The first answer counts."), manages_people),
    (_("Read the centre’s audit trail"), "", manages_people),
]
