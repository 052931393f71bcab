"""Deeds on several people of the list at once: each by its own flow and in its own transaction, with its own limits, audit and message.

One that is refused leaves the others as they are; what became of each is told person by person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.invites.flow import resend, withdraw
from accounts.models import User
from accounts.people.delete import delete_member
from accounts.people.rows import Row
from portal.web.refusal import Refusal


class Act(Enum):
    """What can be done with several at once."""

    RESEND = "resend"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of them."""

    name: str
    done: bool
    said: Promise | str


def plan(act: Act, row: Row) -> Promise | None:
    """Say in words what the act would do with somebody, or None when there is nothing to do or it is not allowed."""
    if row.may_handle_invite:
        return _("The invite is sent again with a new temporary password") if act is Act.RESEND else _("The invite is withdrawn")
    return _("The account is deleted") if act is Act.REMOVE and row.may_delete else None


def carry_out(*, actor: User, act: Act, rows: Iterable[Row]) -> list[Outcome]:
    """Do it with everybody for whom it can be done; never raises a refusal."""
    return [_one(actor, act, row) for row in rows]


def _one(actor: User, act: Act, row: Row) -> Outcome:
    if plan(act, row) is None:
        return Outcome(row.name, done=False, said=_("Nothing was done"))
    try:
        if row.invitation is None:
            delete_member(actor=actor, membership=row.place)
            return Outcome(row.name, done=True, said=_("Account deleted"))
        if act is Act.REMOVE:
            withdraw(actor=actor, invitation=row.invitation)
            return Outcome(row.name, done=True, said=_("Invite withdrawn"))
        resend(actor=actor, invitation=row.invitation)
        return Outcome(row.name, done=True, said=_("Invite sent again"))
    except Refusal as refusal:
        return Outcome(row.name, done=False, said=refusal.message)
