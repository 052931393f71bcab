"""Reset the MFA of anybody: one member of staff asks, another decides within a day (MFA-4, A53). The database refuses one person in two parts."""

from datetime import datetime, timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.factors.resetting import NothingToReset, has_methods, hold_people, reset_factors
from accounts.models import FactorReset, User
from portal import clock, limits
from portal.audit.record import record
from portal.web.refusal import Refusal


class NotForOneself(Refusal):
    """Nobody asks for or decides about their own methods."""

    message = _("You cannot reset your own MFA here. Ask two colleagues")


class AlreadyAsked(Refusal):
    """A request for the same person is open."""

    message = _("An MFA reset has already been asked for. Another member of staff decides about it")


class TwoPeopleNeeded(Refusal):
    """Who asked decides nothing (A53)."""

    message = _("You asked for this MFA reset. Another member of staff decides about it")


class AlreadyDecided(Refusal):
    """Somebody decided a moment ago, or the account is gone."""

    message = _("Somebody has already decided about this MFA reset")


class TooLate(Refusal):
    """The request is older than a day."""

    message = _("This request is more than 24 hours old. Ask for the MFA reset again")


class AskerGone(Refusal):
    """Whoever asked is no longer a member of staff: their word no longer counts."""

    message = _("The person who asked is no longer a member of staff. Refuse this request and ask for the MFA reset again")


def expired(asked_at: datetime, at: datetime) -> bool:
    """Say whether a request has run out at an instant: the end is exclusive and judged when it is used."""
    return at >= asked_at + timedelta(hours=limits.FACTOR_RESET_HOURS)


@transaction.atomic
def ask_reset(*, actor: User, person: User, reason: str) -> FactorReset:
    """Ask for the reset of somebody's methods; nothing happens to them yet. An open request that has run out is closed.

    Raises `NotForOneself`, `AlreadyAsked`, `NothingToReset`, and `PermissionDenied` for anybody but staff.
    """
    held = hold_people(person.pk, actor.pk)
    _demand_staff(held, actor)
    if person.pk == actor.pk:
        raise NotForOneself()
    if person.pk not in held or not has_methods(person):
        raise NothingToReset()
    now = clock.now()
    before = FactorReset.objects.filter(user=person, decided_at=None).first()
    if before is not None:
        if not expired(before.asked_at, now):
            raise AlreadyAsked()
        FactorReset.objects.filter(pk=before.pk).update(decided_at=now)
    asked = FactorReset.objects.create(user=person, reason=reason, asked_by=actor, asked_at=now)
    record(Event.FACTOR_RESET_ASKED, actor=actor, subject=person, request=str(asked.pk))
    return asked


@transaction.atomic
def approve(*, actor: User, reset: FactorReset) -> None:
    """Reset the methods, as the second of two members of staff.

    Raises `NotForOneself`, `TwoPeopleNeeded`, `AlreadyDecided`, `TooLate`, `AskerGone`, `NothingToReset`.
    """
    row, held = _hold_open(reset, actor)
    if expired(row.asked_at, clock.now()):
        raise TooLate()
    asker = held.get(row.asked_by_id) if row.asked_by_id else None
    if asker is None or not (asker.is_staff and asker.is_active):
        raise AskerGone()
    _decide(row, actor, approved=True)
    reset_factors(actor=actor, person=held[row.user_id], by="help_desk", request=str(row.pk), asked_by=str(asker))


@transaction.atomic
def refuse(*, actor: User, reset: FactorReset) -> None:
    """Close a request without a reset, an old one too. Raises `NotForOneself`, `TwoPeopleNeeded`, `AlreadyDecided`."""
    row, held = _hold_open(reset, actor)
    _decide(row, actor, approved=False)
    record(Event.FACTOR_RESET_REFUSED, actor=actor, subject=held[row.user_id], request=str(row.pk))


def _hold_open(reset: FactorReset, actor: User) -> tuple[FactorReset, dict[UUID, User]]:
    """Hold a request that is still open and everybody it concerns; people before requests, always."""
    held = hold_people(reset.user_id, actor.pk, *([reset.asked_by_id] if reset.asked_by_id else []))
    _demand_staff(held, actor)
    row = FactorReset.objects.select_for_update().filter(pk=reset.pk).first()
    if row is None or row.decided_at is not None or row.user_id not in held:
        raise AlreadyDecided()
    if row.user_id == actor.pk:
        raise NotForOneself()
    if row.asked_by_id == actor.pk:
        raise TwoPeopleNeeded()
    return row, held


def _decide(row: FactorReset, actor: User, *, approved: bool) -> None:
    FactorReset.objects.filter(pk=row.pk).update(decided_by=actor, decided_at=clock.now(), approved=approved)


def _demand_staff(held: dict[UUID, User], actor: User) -> None:
    found = held.get(actor.pk)
    if found is None or not (found.is_staff and found.is_active):
        raise PermissionDenied
