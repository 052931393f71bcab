"""The access matrix as a person ticks it: which rights are a choice, which come anyway, which never, and why (ui.md 2.2). Pure."""

from collections.abc import Collection
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from permissions.access import ALWAYS, TABLE
from permissions.levels import Level, Right, Service
from permissions.policy import ceiling, default_rights
from permissions.roles import Role
from permissions.words import NOTES, code, label

EMBARGO: Right = (Service.RESULTS, Level.VIEW_EMBARGOED)
"""What can be taken from a single Admin already when they are invited."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What can be ticked for an account: `optional` is a choice, `included` comes anyway."""

    role: Role
    optional: frozenset[Right]
    included: frozenset[Right]

    def rights(self, codes: Collection[str]) -> frozenset[Right]:
        """Return the rights that a set of ticks stands for; ticks that were not offered count for nothing."""
        return self.included | frozenset(right for right in self.optional if code(right) in codes)


@dataclass(frozen=True, slots=True)
class Row:
    """One right as it stands on the page: a box to tick, or a sentence that says why there is none."""

    code: str
    label: Promise
    note: Promise
    said: Promise | None
    ticked: bool


@dataclass(frozen=True, slots=True)
class Group:
    """One service's rights."""

    service: Promise | str
    rows: list[Row]


def for_invite(role: Role, can_give: frozenset[Right]) -> Choice:
    """Say what an inviter may choose: for a User what is on request, for an Admin only the embargo (INV-1)."""
    reach = ceiling(role) & can_give
    optional = (reach & {EMBARGO}) if role is Role.ADMIN else reach - ALWAYS
    return Choice(role, optional, (default_rights(role) & can_give) - optional | ALWAYS)


def for_change(role: Role, can_give: frozenset[Right], held: frozenset[Right]) -> Choice:
    """Say what may be changed for somebody: what the giver can give, and what the person holds, which can at least be taken."""
    return Choice(role, (ceiling(role) & (can_give | held)) - ALWAYS, ALWAYS)


def groups(choice: Choice, ticked: Collection[str]) -> list[Group]:
    """Lay the whole table out, service by service, for one type of account."""
    rows: dict[Service, list[Row]] = {}
    for right in TABLE:
        box = right in choice.optional
        said = None if box else _why_no_box(choice, right)
        rows.setdefault(right[0], []).append(Row(code(right), label(right), NOTES[right], said, box and code(right) in ticked))
    return [Group(Service(service).label, found) for service, found in rows.items()]


def _why_no_box(choice: Choice, right: Right) -> Promise:
    if right in ALWAYS:
        return _("Always included")
    if right not in ceiling(choice.role):
        return _("Never for a User account") if choice.role is Role.USER else _("Never for this type of account")
    if right in choice.included:
        return _("Included in every Admin account")
    return _("You do not have this access yourself, so you cannot give it")
