"""Suspend a person at one's own centre, and restore them: their place stays with all its rights and opens nothing meanwhile (MAN-5).

Staff suspend the account itself (accounts.helpdesk.flow); neither undoes the other's, and other centres of the person are not touched.
"""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.models import User
from accounts.sessions.ending import end_sessions
from permissions.membership.access import hold_places
from permissions.models import Membership
from permissions.policy import may_suspend
from permissions.roles import Role
from portal import clock
from portal.audit.record import record
from portal.outbox.put import put
from portal.web.refusal import Refusal


class NotYoursToSuspend(Refusal):
    """Only an Exams Officer suspends, and nobody but Admins and Users of their centre; or the account is gone by now."""

    message = _("Only the Exams Officer can suspend and restore accounts")


@transaction.atomic
def suspend_member(*, actor: User, membership: Membership) -> bool:
    """Suspend somebody at the actor's centre: their sessions end at once. Returns whether anything changed. Raises `NotYoursToSuspend`."""
    target, person = _hold(actor, membership)
    if target.suspended_at is not None:
        return False
    Membership.objects.filter(pk=target.pk).update(suspended_at=clock.now())
    end_sessions(person)
    _tell(Event.PLACE_SUSPENDED, actor, target, person, restored=False)
    return True


@transaction.atomic
def restore_member(*, actor: User, membership: Membership) -> bool:
    """Give somebody the access back that they had. Returns whether anything changed. Raises `NotYoursToSuspend`."""
    target, person = _hold(actor, membership)
    if target.suspended_at is None:
        return False
    Membership.objects.filter(pk=target.pk).update(suspended_at=None)
    _tell(Event.PLACE_RESTORED, actor, target, person, restored=True)
    return True


def _hold(actor: User, membership: Membership) -> tuple[Membership, User]:
    """Hold the actor's place and the other's, in the order of all deeds on places (F28)."""
    own = Membership.objects.filter(user=actor, centre=membership.centre_id).values_list("pk", flat=True).first()
    held = hold_places(membership.pk, *([own] if own else []))
    giver, target = held.get(own) if own else None, held.get(membership.pk)
    if giver is None or target is None or target.user is None or giver.user_id != actor.pk or not giver.counts:
        raise NotYoursToSuspend()
    if giver.centre_id != target.centre_id or not may_suspend(Role(giver.role), Role(target.role), giver == target):
        raise NotYoursToSuspend()
    return target, target.user


def _tell(event: Event, actor: User, target: Membership, person: User, *, restored: bool) -> None:
    record(event, actor=actor, subject=person, centre=target.centre)
    put(
        "place_suspended",
        to=person.email,
        language=person.language,
        context={"name": person.full_name, "centre": str(target.centre), "by": str(actor), "restored": restored},
        about=f"membership:{target.pk}",
    )
