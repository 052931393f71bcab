"""Staff decide a case that the head of centre confirmed: the place changes hands in ONE transaction, or nothing does (INV-2, HELP-1)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q

from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.flow import withdraw
from accounts.invites.inviting import send_first
from accounts.invites.issue import Fresh
from accounts.invites.limits import spend_invite
from accounts.models import After, Invitation, Stage, Succession, User
from accounts.people.delete import delete_by_staff
from accounts.succession.flow import refuse_unfit
from accounts.succession.messages import tell, tell_left
from accounts.succession.refusals import CaseOver, DeciderInvolved, PersonClosed
from permissions.access_pages.rules import plain_words
from permissions.membership.exams_officer import leave_seat, step_down, step_up
from permissions.membership.flow import open_membership
from permissions.models import Membership
from permissions.roles import Role
from portal import clock
from portal.audit.record import record


def approve(*, actor: User, case: Succession, after: str, reason: str) -> Succession:
    """Change the Exams Officer: the present one goes as `after` says, the new one takes the place.

    Without an account at the centre the new one is invited. Everybody concerned is told.

    Raises `CaseOver`, `DeciderInvolved`, `PersonClosed`, `SamePerson`, `OpenInvite`, `NoAdminSeat`, `ExamsOfficerExists`, `TooManyInvites`,
    and `PermissionDenied` for anybody but staff.
    """
    fresh = Fresh.make()  # before the transaction: hashing takes long and nobody should wait for it
    with transaction.atomic():
        places = _hold_places(case)
        row = _hold_open(actor, case)
        old, new = _present(places), next((place for place in places if place.user and place.user.email == row.email), None)
        refuse_unfit(row.centre, row, old)
        if actor.pk in {row.asked_by_id, old.user_id if old else None, new.user_id if new else None}:
            raise DeciderInvolved()
        asker, left = row.asked_by, old.user if old else None
        before = {"email": left.email, "language": left.language, "name": left.full_name} if left else None
        if new is not None:
            _refuse_closed(new)
            leave_seat(place=new)
        _let_go(actor, old, After(after))
        if new is not None:
            step_up(actor=actor, place=new)
        else:
            _invite(actor, row, fresh)
        _end(row, actor, Stage.DONE, reason)
        record(Event.SUCCESSION_DONE, actor=actor, subject=row, centre=row.centre, after=after, invited=new is None, reason=row.answer)
        gone = before is not None and not User.objects.filter(email=before["email"]).exists()
        # Whoever left may have been who asked: their row is gone, and the case no longer points to them.
        row.asked_by = None if asker is not None and left is not None and asker.pk == left.pk and gone else asker
        tell(row, head=True, extra=(left,) if left is not None and not gone else ())
        if before is not None and gone:
            tell_left(row, **before)
        return row


@transaction.atomic
def refuse(*, actor: User, case: Succession, reason: str) -> None:
    """Close a confirmed case, or one that still waits for the head of centre, without a change; the reason goes to who asked.

    Raises `CaseOver`, `DeciderInvolved`.
    """
    row = _hold_open(actor, case, also=Stage.HEAD)
    if actor.pk == row.asked_by_id:
        raise DeciderInvolved()
    told = row.stage == Stage.STAFF
    _end(row, actor, Stage.REFUSED, reason)
    record(Event.SUCCESSION_REFUSED, actor=actor, subject=row, centre=row.centre, reason=row.answer)
    tell(row, head=told)


def _hold_places(case: Succession) -> list[Membership]:
    """Hold the places of the present and the new Exams Officer, in one order for everybody."""
    rows = Membership.objects.select_for_update(of=("self",)).select_related("centre", "user").filter(centre=case.centre_id)
    return list(rows.filter(Q(role=Role.EXAMS_OFFICER) | Q(user__email=case.email)).order_by("pk"))


def _present(places: list[Membership]) -> Membership | None:
    return next((place for place in places if place.role == Role.EXAMS_OFFICER), None)


def _hold_open(actor: User, case: Succession, also: Stage = Stage.STAFF) -> Succession:
    if not (actor.is_staff and actor.is_active):
        raise PermissionDenied
    rows = Succession.objects.select_for_update(of=("self",)).select_related("centre", "asked_by")
    row = rows.filter(pk=case.pk, stage__in={Stage.STAFF, also}, centre__frozen_at=None).first()
    if row is None or row.expired(clock.now()):
        raise CaseOver()
    return row


def _refuse_closed(place: Membership) -> None:
    if place.user is None or not place.user.is_active or place.user.frozen_at is not None:
        raise PersonClosed()


def _let_go(actor: User, old: Membership | None, after: After) -> None:
    """End the present Exams Officer's part: an open invite is withdrawn, an account deleted or given another type."""
    if old is None:
        return
    if old.user is None:
        withdraw(actor=actor, invitation=Invitation.objects.get(membership=old))
    elif after is After.LEAVES:
        delete_by_staff(actor=actor, membership=old)
    else:
        step_down(actor=actor, place=old, role=Role(after.value))
        if after is After.USER:
            # Who cannot invite cannot stand behind open invites either (A60).
            waiting = Invitation.objects.filter(centre=old.centre, invited_by=old.user, accepted_at=None, withdrawn_at=None)
            waiting.update(invited_by=None)


def _invite(actor: User, row: Succession, fresh: Fresh) -> None:
    person = User.objects.filter(email=row.email).first()
    language = person.language if person else ("cy" if row.centre.bilingual == "both-cy" else "en")
    details = Details(email=row.email, first_name=row.first_name, last_name=row.last_name, language=language)
    spend_invite(actor, row.centre)
    place = open_membership(centre=row.centre, role=Role.EXAMS_OFFICER, given_by=actor, listed=details)
    send_first(actor, place, details, fresh)


def _end(row: Succession, actor: User, stage: Stage, reason: str) -> None:
    row.stage, row.digest, row.decided_by, row.decided_at, row.answer = stage, "", actor, clock.now(), plain_words(reason)
    # Not the asker: whoever left may have been who asked.
    row.save(update_fields=["stage", "digest", "decided_by", "decided_at", "answer"])
