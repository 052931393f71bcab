"""Manage Access: change what an account may open (MAN-1, ROLE)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction

from permissions.access import ALWAYS
from permissions.events import Event
from permissions.levels import Right
from permissions.membership.flow import refuse_past, wanted_rights, write_grants
from permissions.membership.refusals import BeyondCeiling, NotYoursToChange
from permissions.models import Grant, Membership
from permissions.policy import givable, grantable_by, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.words import code
from portal.audit.record import record
from portal.outbox.put import put


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a change of access came to: what was added, what was taken, what only ends on another day."""

    added: frozenset[Right]
    taken: frozenset[Right]
    redated: frozenset[Right]

    def __bool__(self) -> bool:
        return bool(self.added or self.taken or self.redated)


@transaction.atomic
def set_rights(
    *,
    actor: Membership,
    membership: Membership,
    rights: Iterable[Right],
    ends_on: date | None = None,
    keep_ends: bool = False,
    silent: bool = False,
) -> Change:
    """Make `rights` what a membership may open, until the end of `ends_on` if given; it holds from the person's next request.

    With `keep_ends` what is held today keeps its own end and `ends_on` is for what is added. Records the change and writes to the person
    (`silent`: the caller writes); nothing is written or sent when nothing changes. Raises `NotYoursToChange`, `BeyondCeiling`, `EndDatePassed`.
    """
    actor, membership = _lock(actor, membership)
    role = Role(membership.role)
    if actor.centre_id != membership.centre_id or not grantable_by(Role(actor.role), role):
        raise NotYoursToChange()
    refuse_past(ends_on)
    wanted = dict.fromkeys(wanted_rights(role, rights), ends_on) | dict.fromkeys(ALWAYS, None)
    before = holdings(membership)
    valid = valid_rights(role, before, today())
    if keep_ends:
        wanted |= {right: before[right] for right in wanted.keys() & valid}
    change = Change(
        added=frozenset(wanted.keys() - valid),
        taken=frozenset(valid - wanted.keys()),
        redated=frozenset(right for right in wanted.keys() & valid if wanted[right] != before[right]),
    )
    longer = change.added | frozenset(right for right in change.redated if _later(wanted[right], before[right]))
    if not longer <= givable(Role(actor.role), valid_rights(Role(actor.role), holdings(actor), today()), role):
        raise BeyondCeiling()
    if not change:
        return change
    _replace(membership, wanted, before, actor)
    _record(actor, membership, change, ends_on)
    if not silent:
        _tell(actor, membership, change, ends_on)
    return change


def _later(after: date | None, before: date | None) -> bool:
    """Say whether a new end gives more than the old one; no end is the latest of all."""
    return before is not None and (after is None or after > before)


def hold_places(*keys: UUID) -> dict[UUID, Membership]:
    """Read places afresh and hold them until the transaction ends, in one order for everybody; keep them from being deleted meanwhile."""
    rows = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "user")
    return {row.pk: row for row in rows.filter(pk__in=set(keys)).order_by("pk")}


def _lock(actor: Membership, membership: Membership) -> tuple[Membership, Membership]:
    """Read both places afresh and hold them, in one order for everybody, so that changes queue. Raises `NotYoursToChange`."""
    held = hold_places(actor.pk, membership.pk)
    giver, target = held.get(actor.pk), held.get(membership.pk)
    if giver is None or target is None or giver == target or giver.user_id is None or not giver.counts:
        raise NotYoursToChange()
    return giver, target


def _replace(membership: Membership, wanted: Mapping[Right, date | None], before: Mapping[Right, date | None], actor: Membership) -> None:
    """Rewrite only the rows that differ, so that the others keep who gave them and when."""
    rows = {grant.right: grant for grant in membership.grants.all()}
    stale = [grant.pk for right, grant in rows.items() if right not in wanted or wanted[right] != before[right]]
    Grant.objects.filter(pk__in=stale).delete()
    for ends_on in set(wanted.values()):
        missing = [right for right, end in wanted.items() if end == ends_on and (right not in before or before[right] != end)]
        write_grants(membership, missing, ends_on, actor.user)


def _record(actor: Membership, membership: Membership, change: Change, ends_on: date | None) -> None:
    record(
        Event.ACCESS_CHANGED,
        actor=actor.user,
        subject=membership.user or membership,
        centre=membership.centre,
        **_in_codes(change, ends_on),
    )


def _tell(actor: Membership, membership: Membership, change: Change, ends_on: date | None) -> None:
    """Write to somebody who has accepted; an invite tells the others."""
    person = membership.user
    if person is None:
        return
    put(
        "access_changed",
        to=person.email,
        language=person.language,
        context={
            "name": person.full_name,
            "centre": str(membership.centre),
            "by": str(actor.user),
            "changed_on": today().isoformat(),
            **_in_codes(change, ends_on),
        },
        about=f"membership:{membership.pk}",
    )


def _in_codes(change: Change, ends_on: date | None) -> dict[str, list[str] | str]:
    sides = {"added": change.added, "taken": change.taken, "redated": change.redated}
    return {
        **{name: sorted(code(right) for right in rights) for name, rights in sides.items()},
        "ends_on": ends_on.isoformat() if ends_on else "",
    }
