"""The deeds on a place at a centre. Each runs in one transaction and joins the caller's, if there is one.

Opening, accepting and closing leave no audit event of their own: they are halves of an invite or a deletion, which the caller records.
"""

from collections.abc import Iterable
from datetime import date
from typing import Final

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from permissions.access import ALWAYS
from permissions.levels import Right
from permissions.membership.listing import Listed, listed_as
from permissions.membership.refusals import (
    AlreadyAMember,
    BeyondCeiling,
    EndDatePassed,
    ExamsOfficerExists,
    NoAdminSeat,
)
from permissions.models import Centre, Grant, Membership
from permissions.policy import ceiling, complete, default_rights
from permissions.roles import ADMIN_SEATS, Role
from permissions.scope import today
from permissions.violations import violated
from portal import clock

_NO_SEAT: Final = (None,)


@transaction.atomic
def open_membership(
    *,
    centre: Centre,
    role: Role,
    rights: Iterable[Right] | None = None,
    ends_on: date | None = None,
    given_by: AbstractBaseUser | None = None,
    listed: Listed | None = None,
) -> Membership:
    """Take a place at a centre for somebody invited and write what it may open; None for `rights` means the role's defaults.

    `listed` is whoever it is held for, by whose names it stands in the list of people.
    Call `accept` once there is a person. Raises `NoAdminSeat`, `ExamsOfficerExists`, `BeyondCeiling`, `EndDatePassed`.
    """
    wanted = wanted_rights(role, default_rights(role) if rights is None else rights)
    refuse_past(ends_on)
    membership = _take_place(centre, role, {} if listed is None else listed_as(listed))
    write_grants(membership, wanted, ends_on, given_by)
    return membership


def _take_place(centre: Centre, role: Role, names: dict[str, str]) -> Membership:
    """Insert the row; for an Admin try the seats in turn, so that racing invites wait for each other in one order and never deadlock."""
    for seat in ADMIN_SEATS if role is Role.ADMIN else _NO_SEAT:
        try:
            with transaction.atomic():
                return Membership.objects.create(centre=centre, role=role, seat=seat, **names)
        except IntegrityError as error:
            if violated(error, Membership, "membership_one_exams_officer"):
                raise ExamsOfficerExists() from error
            if not violated(error, Membership, "membership_admin_seat_taken_once"):
                raise
    raise NoAdminSeat()


@transaction.atomic
def accept(*, membership: Membership, user: AbstractBaseUser) -> Membership:
    """Give an open place to its person. Raises `AlreadyAMember` when they have one at this centre, or somebody took this one."""
    try:
        with transaction.atomic():
            free = Membership.objects.filter(pk=membership.pk, user__isnull=True)
            taken = free.update(user=user, accepted_at=clock.now(), **listed_as(user))  # type: ignore[arg-type]
    except IntegrityError as error:
        if violated(error, Membership, "membership_one_place_a_person"):
            raise AlreadyAMember() from error
        raise
    if not taken:
        raise AlreadyAMember()
    membership.refresh_from_db()
    return membership


@transaction.atomic
def close_membership(*, membership: Membership) -> None:
    """Give up a place with all its grants; its seat is free again, and the person's rights end with their next request."""
    Membership.objects.filter(pk=membership.pk).delete()


def wanted_rights(role: Role, rights: Iterable[Right]) -> frozenset[Right]:
    """Complete a choice of rights and hold it against the role's ceiling. Raises `BeyondCeiling`."""
    wanted = complete(rights)
    if not wanted <= ceiling(role):
        raise BeyondCeiling()
    return wanted


def refuse_past(ends_on: date | None) -> None:
    """Raise `EndDatePassed` for an end before today (Europe/London); today itself is a day of access."""
    if ends_on is not None and ends_on < today():
        raise EndDatePassed()


def write_grants(membership: Membership, rights: Iterable[Right], ends_on: date | None, given_by: AbstractBaseUser | None) -> None:
    """Insert grants in one statement; what everybody always has carries no end."""
    Grant.objects.bulk_create(
        Grant(
            membership=membership,
            service=service,
            level=level,
            ends_on=None if (service, level) in ALWAYS else ends_on,
            given_by_id=given_by.pk if given_by else None,
        )
        for service, level in sorted(rights)
    )
