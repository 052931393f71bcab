"""Delete User: everything of a person at a centre ends at once (MAN-2). The guide's words; the same deed for staff and an Exams Officer."""

from django.db import transaction

from accounts.events import Event
from accounts.factors.resetting import hold_people
from accounts.invites.issue import reissue_without_account
from accounts.models import Invitation, User
from accounts.people.refusals import NotYoursToDelete
from accounts.sessions.ending import end_sessions
from permissions.membership.flow import close_membership
from permissions.models import Membership
from permissions.policy import may_manage
from permissions.roles import Role
from portal.audit.record import record
from portal.outbox.put import put


@transaction.atomic
def delete_member(*, actor: User, membership: Membership) -> None:
    """Delete an Admin's or a User's account at the actor's centre: sessions, access, codes, invites; nobody deletes themselves.

    The person's account itself goes with their last centre. Raises `NotYoursToDelete`.
    """
    place = Membership.objects.filter(user=actor, centre=membership.centre_id).values_list("pk", flat=True).first()
    held = _hold(membership.pk, place)
    giver, target = held.get(place), held.get(membership.pk)
    if giver is None or target is None or giver.user_id != actor.pk or not giver.counts:
        raise NotYoursToDelete()
    if not may_manage(Role(giver.role), Role(target.role), giver == target):
        raise NotYoursToDelete()
    _delete(actor, target)


@transaction.atomic
def delete_by_staff(*, actor: User, membership: Membership, reason: str = "") -> None:
    """Delete anybody's account at a centre, an Exams Officer's too: staff only, and never one's own. Raises `NotYoursToDelete`."""
    target = _hold(membership.pk).get(membership.pk)
    if target is None or not (actor.is_staff and actor.is_active) or target.user_id == actor.pk:
        raise NotYoursToDelete()
    _delete(actor, target, **({"reason": reason} if reason else {}))


def _hold(*keys: object) -> dict[object, Membership]:
    """Read places afresh and hold them, in one order for everybody."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("centre", "user")
    return {row.pk: row for row in rows.filter(pk__in=[key for key in keys if key is not None]).order_by("pk")}


def _delete(actor: User, target: Membership, **why: str) -> None:
    person = target.user
    if person is None:
        raise NotYoursToDelete()
    centre = target.centre
    Invitation.objects.filter(membership=target).delete()
    # What this person sent and nobody accepted yet stops until somebody who is still here sends it again (A60).
    Invitation.objects.filter(centre=centre, invited_by=person, accepted_at=None, withdrawn_at=None).update(invited_by=None)
    # Codes, the person, their sessions: the order of every deed that takes them (F28). Whoever is held is not signed in or joined elsewhere.
    hold_people(person.pk)
    end_sessions(person)
    close_membership(membership=target)
    gone = not person.is_staff and not Membership.objects.filter(user=person).exists()
    record(Event.PERSON_DELETED, actor=actor, subject=person, centre=centre, role=target.role, account_gone=gone, **why)
    put(
        "account_deleted",
        to=person.email,
        language=person.language,
        context={"name": person.full_name, "centre": str(centre), "account_gone": gone, "by_staff": actor.is_staff},
        about=f"membership:{target.pk}",
    )
    if gone:
        email = person.email
        person.delete()
        reissue_without_account(email=email)
