"""Deeds on key dates and calendar addresses, each with its line in the trail."""

from django.db import IntegrityError, transaction

from accounts.models import User
from permissions.models import Membership
from portal import clock
from portal.audit.record import record
from services.dates.events import Event
from services.dates.models import Calendar, KeyDate


def calendar_at(place: Membership) -> Calendar | None:
    """Return the calendar address that somebody has at a centre, if any."""
    return Calendar.objects.filter(membership=place, revoked_at=None).first()


@transaction.atomic
def make_calendar(*, actor: Membership) -> Calendar:
    """Make an address for the actor's own calendar, or return the one there is."""
    try:
        with transaction.atomic():
            made = Calendar.objects.create(membership=actor)
    except IntegrityError:
        return Calendar.objects.get(membership=actor, revoked_at=None)
    record(Event.CALENDAR_MADE, actor=actor.user, subject=actor.user, centre=actor.centre)
    return made


@transaction.atomic
def revoke_calendar(*, actor: Membership) -> bool:
    """End the actor's own calendar address at once. Returns whether there was one."""
    ended = Calendar.objects.filter(membership=actor, revoked_at=None).update(revoked_at=clock.now())
    if ended:
        record(Event.CALENDAR_REVOKED, actor=actor.user, subject=actor.user, centre=actor.centre)
    return bool(ended)


@transaction.atomic
def set_date(*, actor: User, row: KeyDate) -> KeyDate:
    """Keep a key date that staff wrote or changed."""
    row.save()
    record(Event.KEY_DATE_SET, actor=actor, subject=row, day=row.day.isoformat(), english=row.title_en, welsh=row.title_cy, level=row.level)
    return row


@transaction.atomic
def remove_date(*, actor: User, row: KeyDate) -> None:
    """Remove a key date."""
    record(Event.KEY_DATE_REMOVED, actor=actor, subject=row, day=row.day.isoformat(), english=row.title_en)
    row.delete()
