"""The help desk's deeds on people: each leaves its event, each ends what it must at once."""

from django.db import transaction

from accounts.events import Event
from accounts.models import User
from accounts.sessions.ending import end_sessions
from portal import clock
from portal.audit.record import record


@transaction.atomic
def suspend(*, actor: User, person: User, reason: str = "") -> bool:
    """Suspend a person: sessions end at once, and signing in answers like a wrong password.

    Nobody suspends themselves, and a superuser only another: of two who suspend each other at once one is left (A81). Returns whether
    anything changed.
    """
    held = {row.pk: row for row in User.objects.select_for_update().filter(pk__in=(actor.pk, person.pk)).order_by("pk")}
    doer, whom = held.get(actor.pk), held.get(person.pk)
    if doer is None or whom is None or doer == whom or not (doer.is_active and whom.is_active):
        return False
    if whom.is_superuser and not doer.is_superuser:
        return False
    User.objects.filter(pk=whom.pk).update(is_active=False)
    end_sessions(person)
    record(Event.PERSON_SUSPENDED, actor=actor, subject=person, reason=reason)
    return True


@transaction.atomic
def restore(*, actor: User, person: User, reason: str = "") -> bool:
    """Let a suspended person sign in again. Returns whether anything changed."""
    if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True):
        return False
    record(Event.PERSON_RESTORED, actor=actor, subject=person, reason=reason)
    return True


@transaction.atomic
def end_all_sessions(*, actor: User, person: User, reason: str = "") -> bool:
    """Sign a person out everywhere. Returns whether there was a session."""
    if not end_sessions(person):
        return False
    record(Event.SESSIONS_ENDED, actor=actor, subject=person, reason=reason)
    return True


@transaction.atomic
def end_hold(*, actor: User, person: User, reason: str = "") -> bool:
    """End the 24-hour hold after a reset sooner (MFA-5); never one's own. Returns whether there was one."""
    if person.pk == actor.pk or not User.objects.filter(pk=person.pk, held_until__gt=clock.now()).update(held_until=None):
        return False
    record(Event.HOLD_ENDED, actor=actor, subject=person, reason=reason)
    return True
