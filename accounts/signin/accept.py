"""Accept an invitation: the moment a person comes to be (INV-3, INV-7)."""

from typing import Any, Final

from django.contrib.sessions.backends.base import SessionBase
from django.db import IntegrityError, transaction
from django.db.models import DateTimeField, EmailField, QuerySet

from accounts.events import Event
from accounts.models import Invitation, User
from accounts.passwords.rules import check_new_password
from accounts.sessions.ending import end_sessions
from accounts.signin.refusals import InviteGone
from permissions.membership.flow import accept
from permissions.roles import Role
from portal import clock
from portal.audit.record import record
from portal.fixed_query import FixedQuery, Given


@transaction.atomic
def set_first_password(*, invitation: Invitation, password: str, language: str) -> User:
    """Make the person with a password of their own, give them the seat that was kept, and use the invitation up: all or nothing.

    Raises `BadPassword`, or `InviteGone` when the invite ended meanwhile or another browser was faster (A58).
    """
    local_part = invitation.email.partition("@")[0]
    check_new_password(
        password,
        own_words=(invitation.first_name, invitation.last_name, local_part),
        centre_words=(invitation.centre.name, invitation.centre.number),
    )
    _use_up(invitation)
    try:
        with transaction.atomic():
            person = User.objects.create_user(
                email=invitation.email,
                password=password,
                title=invitation.title,
                first_name=invitation.first_name,
                last_name=invitation.last_name,
                job_role=invitation.job_role,
                language=language,
                language_chosen_at=clock.now(),
            )
    except IntegrityError:
        raise InviteGone() from None
    _join(invitation, person)
    record(Event.PASSWORD_SET, actor=person, subject=person, centre=invitation.centre)
    return person


@transaction.atomic
def join_centre(*, invitation: Invitation, person: User, session: SessionBase) -> None:
    """Add a further centre to somebody who already has an account (INV-7); their other sessions end. Raises `InviteGone`."""
    # People before their invites, as in a deletion: whoever is deleted meanwhile at their last centre joins no other (F28).
    held = User.objects.select_for_update(no_key=True).filter(pk=person.pk, is_active=True, frozen_at=None).first()
    if held is None or invitation.email != held.email:
        raise InviteGone()
    _use_up(invitation)
    _join(invitation, person)
    end_sessions(person, but=session)


def waiting_invitations(person: User) -> list[Invitation]:
    """Return the invites of further centres that a signed-in person may accept now."""
    return list(_waiting(person.email, clock.now()).select_related("centre", "membership").filter(centre__frozen_at=None))


def is_invited_elsewhere(person: User) -> bool:
    """Say whether an invite of a further centre waits for a signed-in person."""
    return bool(_ANY_WAITING.rows(email=person.email, now=clock.now()))


def _waiting(email: Any, now: Any) -> QuerySet[Invitation]:
    return Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None, membership__isnull=False, expires_at__gt=now)


_ANY_WAITING: Final = FixedQuery(
    lambda: _waiting(Given("email", EmailField()), Given("now", DateTimeField())).order_by().values_list("accepted_at")[:1]
)


def _use_up(invitation: Invitation) -> None:
    """Mark an invite as used, with its row held: of an acceptance and a withdrawal at the same instant one wins (A58, A63)."""
    now = clock.now()
    held = Invitation.objects.select_for_update(of=("self",)).select_related("centre").filter(pk=invitation.pk).first()
    if (
        held is None
        or held.sent_at != invitation.sent_at
        or held.accepted_at is not None
        or held.withdrawn_at is not None
        or held.membership_id is None
        or held.centre.frozen_at is not None
        or held.expired(now)
    ):
        raise InviteGone()
    Invitation.objects.filter(pk=held.pk).update(accepted_at=now, password_hash="", selector="")


def _join(invitation: Invitation, person: User) -> None:
    membership = invitation.membership
    if membership is None or not _inviter_still_may(invitation):
        raise InviteGone()
    try:
        with transaction.atomic():
            accept(membership=membership, user=person)
    except IntegrityError:
        raise InviteGone() from None
    record(Event.INVITE_ACCEPTED, actor=person, subject=invitation, centre=invitation.centre)


def _inviter_still_may(invitation: Invitation) -> bool:
    """Re-check the ceiling at acceptance (A60): whoever invited must still be somebody who may. Staff invite Exams Officers."""
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        return invitation.role == Role.EXAMS_OFFICER and inviter is None
    if invitation.role == Role.EXAMS_OFFICER:
        return inviter.is_staff
    return inviter.memberships.filter(
        centre=invitation.centre, role__in=(Role.EXAMS_OFFICER, Role.ADMIN), accepted_at__isnull=False, suspended_at=None
    ).exists()
