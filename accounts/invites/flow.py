"""The deeds around an invite. Each is one transaction: change, audit event, message (INV-2, INV-3, INV-5)."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from accounts.canonical import canonical_email
from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.inviting import giver_of, hold_place, one_open_invite, or_busy, refuse_known, send_first
from accounts.invites.issue import Fresh, issue
from accounts.invites.limits import spend_correction, spend_invite, spend_resend
from accounts.invites.messages import call_back, send_withdrawn
from accounts.invites.refusals import InviteOver, NotYoursToInvite, SameAddress
from accounts.invites.rules import may_handle
from accounts.models import Invitation, User
from permissions.levels import Right
from permissions.membership.flow import close_membership, open_membership
from permissions.membership.listing import listed_as
from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock
from portal.audit.record import record

__all__ = ["Details", "correct_address", "invite_exams_officer", "invite_person", "resend", "withdraw"]


def invite_exams_officer(*, actor: User | None, centre: Centre, details: Details) -> Invitation:
    """Invite a centre's Exams Officer: staff only, or a shell (`actor` None).

    Raises `ExamsOfficerExists`, `AlreadyAtCentre`, `InviteWaiting`, `BadEmail`, `BadName`, `NotYoursToInvite`, `TooManyInvites`.
    """
    details, fresh = details.checked(), Fresh.make()
    with transaction.atomic():
        centre = Centre.objects.get(pk=centre.pk)
        if centre.frozen_at is not None or (actor is not None and not (actor.is_staff and actor.is_active)):
            raise NotYoursToInvite()
        refuse_known(centre, details.email)
        place = open_membership(centre=centre, role=Role.EXAMS_OFFICER, given_by=actor, listed=details)
        invitation = send_first(actor, place, details, fresh)
        spend_invite(actor, centre)
        return invitation


def invite_person(
    *,
    actor: User,
    membership: Membership,
    details: Details,
    role: Role,
    rights: Iterable[Right] | None = None,
    ends_on: date | None = None,
) -> Invitation:
    """Invite an Admin or a User to the centre of `membership`, which is the actor's own; None for `rights` gives the role's defaults.

    Raises `NoAdminSeat`, `NotYoursToInvite`, `BeyondCeiling`, `EndDatePassed`, `AlreadyAtCentre`, `InviteWaiting`, `BadEmail`, `BadName`,
    `TooManyInvites`, `Busy`.
    """
    details, fresh = details.checked(), Fresh.make()
    with or_busy(), transaction.atomic():
        giver = giver_of(actor, membership)
        place = hold_place(actor=actor, giver=giver, details=details, role=role, rights=rights, ends_on=ends_on)
        invitation = send_first(actor, place, details, fresh)
        spend_invite(actor, giver.centre)
        return invitation


def resend(*, actor: User | None, invitation: Invitation) -> Invitation:
    """Send an open or expired invite again with a new temporary password: the old one dies, tries and end start anew.

    Raises `NotYoursToInvite`, `InviteOver`, `ResendTooSoon`, `TooManyInvites`.
    """
    fresh = Fresh.make()
    with or_busy(), transaction.atomic():
        row = _hold(actor, invitation)
        spend_resend(row)
        call_back(row)
        _renew(row, actor, fresh, again=True)
        record(Event.INVITE_RESENT, actor=actor, subject=row, centre=row.centre)
        spend_invite(actor, row.centre)
        return row


def correct_address(*, actor: User | None, invitation: Invitation, email: str) -> Invitation:
    """Send an open invite to another address instead; the one it went to is told that it no longer works.

    Raises `BadEmail`, `SameAddress`, `AlreadyAtCentre`, `InviteWaiting`, `NotYoursToInvite`, `InviteOver`, `TooManyInvites`.
    """
    address, fresh = canonical_email(email), Fresh.make()
    with or_busy(), transaction.atomic():
        row = _hold(actor, invitation)
        old = row.email
        if address == old:
            raise SameAddress()
        refuse_known(row.centre, address)
        spend_correction(row)
        if not call_back(row):
            send_withdrawn(invitation=row, email=old)
        with one_open_invite(row.centre, address):
            Invitation.objects.filter(pk=row.pk).update(email=address)
        row.email = address
        Membership.objects.filter(invitation=row).update(**listed_as(row))
        _renew(row, actor, fresh, again=False)
        record(Event.INVITE_CORRECTED, actor=actor, subject=row, centre=row.centre)
        spend_invite(actor, row.centre)
        return row


@transaction.atomic
def withdraw(*, actor: User | None, invitation: Invitation) -> Invitation:
    """Take an open or expired invite back: its place is free again. The address is told. Raises `NotYoursToInvite`, `InviteOver`."""
    row = _hold(actor, invitation)
    place, came_back = row.membership, call_back(row)
    row.withdrawn_at, row.membership = clock.now(), None
    # The hash stays, so that whoever holds the right temporary password is told that it was withdrawn (SIGN-5).
    row.save(update_fields=["withdrawn_at", "membership"])
    if place is not None:
        close_membership(membership=place)
    if not came_back:
        send_withdrawn(invitation=row, email=row.email)
    record(Event.INVITE_WITHDRAWN, actor=actor, subject=row, centre=row.centre)
    return row


def _renew(row: Invitation, actor: User | None, fresh: Fresh, *, again: bool) -> None:
    """Give a held row a new temporary password and send it; whoever does so answers for the invite from now on (A60)."""
    row.invited_by = actor
    fresh.write_on(row)
    row.save()
    issue(row, fresh, again=again)


def _hold(actor: User | None, invitation: Invitation) -> Invitation:
    """Read an open invite afresh and hold it. Raises `InviteOver`, `NotYoursToInvite`."""
    row = Invitation.objects.select_for_update(of=("self",)).select_related("centre", "membership").get(pk=invitation.pk)
    if row.accepted_at is not None or row.withdrawn_at is not None:
        raise InviteOver()
    place = Membership.objects.filter(user=actor, centre=row.centre, suspended_at=None).first() if actor is not None else None
    if row.centre.frozen_at is not None or not may_handle(
        row_role=Role(row.role),
        by_staff=actor is None or (actor.is_staff and actor.is_active),
        place_role=Role(place.role) if place else None,
    ):
        raise NotYoursToInvite()
    return row
