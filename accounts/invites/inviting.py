"""One invite inside a caller's transaction: for somebody typed, and for a row of a file alike (INV-2, INV-3).

Every deed takes places (seats) first, then addresses, then the counters of P17, which everybody of a centre wants: so no two wait for each
other, and nobody waits long. Whoever has waited too long for somebody else's file is told so in words.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from typing import Final

from django.db import IntegrityError, OperationalError, transaction

from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.issue import Fresh, issue
from accounts.invites.refusals import AlreadyAtCentre, Busy, InviteWaiting, NotYoursToInvite
from accounts.models import Invitation, InviteBatch, User
from permissions.levels import Right
from permissions.membership.flow import open_membership
from permissions.membership.refusals import BeyondCeiling
from permissions.models import Centre, Membership
from permissions.policy import complete, default_rights, givable, may_invite, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.violations import violated
from portal import clock
from portal.audit.record import record

_WAITED_TOO_LONG: Final = {"55P03", "40P01"}  # no lock in time, and PostgreSQL's way out when two wait for each other


def giver_of(actor: User, membership: Membership) -> Membership:
    """Return the actor's own place at the centre of `membership`, read afresh. Raises `NotYoursToInvite`."""
    giver = Membership.objects.select_related("centre").filter(pk=membership.pk, user=actor).first()
    if giver is None or not giver.counts or not may_invite(Role(giver.role), Role.USER):
        raise NotYoursToInvite()
    return giver


def hold_place(
    *, actor: User, giver: Membership, details: Details, role: Role, rights: Iterable[Right] | None, ends_on: date | None
) -> Membership:
    """Take a place at the giver's centre for somebody with checked details.

    Raises `NoAdminSeat`, `NotYoursToInvite`, `BeyondCeiling`, `EndDatePassed`, `AlreadyAtCentre`, `InviteWaiting`.
    """
    if not may_invite(Role(giver.role), role):
        raise NotYoursToInvite()
    can_give = givable(Role(giver.role), valid_rights(Role(giver.role), holdings(giver), today()), role)
    wanted = default_rights(role) & can_give if rights is None else complete(rights)
    if not wanted <= can_give:
        raise BeyondCeiling()
    refuse_known(giver.centre, details.email)
    return open_membership(centre=giver.centre, role=role, rights=wanted, ends_on=ends_on, given_by=actor, listed=details)


def send_first(actor: User | None, place: Membership, details: Details, fresh: Fresh, batch: InviteBatch | None = None) -> Invitation:
    """Write the invite that a place is held for, and send it. Raises `InviteWaiting`."""
    centre = place.centre
    invitation = Invitation(
        centre=centre, membership=place, role=place.role, invited_by=actor, batch=batch, expires_at=clock.now(), **asdict(details)
    )
    fresh.write_on(invitation)
    with one_open_invite(centre, details.email):
        invitation.save(force_insert=True)
    issue(invitation, fresh, again=False)
    record(Event.INVITED, actor=actor, subject=invitation, centre=centre, role=place.role)
    return invitation


@contextmanager
def or_busy() -> Iterator[None]:
    """Turn a wait for somebody else's invites that lasted too long (P24) into its sentence. Raises `Busy`."""
    try:
        yield
    except OperationalError as error:
        if getattr(error.__cause__, "sqlstate", "") in _WAITED_TOO_LONG:
            raise Busy() from error
        raise


def refuse_known(centre: Centre, email: str) -> None:
    """Raise `AlreadyAtCentre` or `InviteWaiting` for an address the centre has already; nothing is asked of other centres (INV-7)."""
    if Membership.objects.filter(centre=centre, user__email=email).exists():
        raise AlreadyAtCentre()
    waiting = _open(centre, email)
    if waiting is not None:
        raise InviteWaiting(waiting)


@contextmanager
def one_open_invite(centre: Centre, email: str) -> Iterator[None]:
    """Turn the database's refusal of a second open invite for an address and centre into its sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        if violated(error, Invitation, "invitation_one_open_per_address_and_centre"):
            raise InviteWaiting(_open(centre, email)) from error
        raise


def _open(centre: Centre, email: str) -> Invitation | None:
    return Invitation.objects.filter(centre=centre, email=email, accepted_at=None, withdrawn_at=None).first()
