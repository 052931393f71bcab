"""INV-2 to INV-5: the deeds around an invite, with their limits, states and messages."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction

from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.flow import correct_address, invite_exams_officer, invite_person, resend, withdraw
from accounts.invites.queries import standings, waiting_for
from accounts.invites.refusals import (
    AlreadyAtCentre,
    InviteOver,
    InviteWaiting,
    NotYoursToInvite,
    ResendTooSoon,
    SameAddress,
    TooManyInvites,
)
from accounts.invites.states import InviteState, Post, explanation, state_of
from accounts.models import Invitation
from accounts.passwords import temporary
from permissions.membership.refusals import BeyondCeiling, ExamsOfficerExists, NoAdminSeat
from permissions.models import Membership
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message, State
from tests.cast import Cast, Person, invite, make_centre, make_member, make_person, temporary_password_in

Letters = Callable[[], list[EmailMultiAlternatives]]
DETAILS = Details(email="elin@glan.example", first_name="Elin", last_name="Wyn")


def state(invitation: Invitation) -> InviteState:
    invitation.refresh_from_db()
    return standings([invitation])[invitation.pk].state


def events(event: Event) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(number=event.number))


def invites_as(person: Person, role: Role = Role.USER) -> Invitation:
    return invite_person(actor=person.user, membership=person.membership, details=DETAILS, role=role)


def test_inv2_an_invite_holds_a_place_and_leaves_one_event(cast: Cast) -> None:
    invitation = invites_as(cast.admin)
    place = invitation.membership
    assert place is not None
    assert (place.role, place.user, place.centre) == (Role.USER, None, cast.centre)
    (event,) = events(Event.INVITED)
    assert (event.actor_id, event.subject_name, event.centre_number) == (str(cast.admin.user.pk), "Elin Wyn", "68001")


def test_inv2_nobody_invites_through_the_place_of_another(cast: Cast) -> None:
    for person, place in ((cast.user, cast.user), (cast.user, cast.admin), (cast.other_exams_officer, cast.admin)):
        with pytest.raises(NotYoursToInvite):
            invite_person(actor=person.user, membership=place.membership, details=DETAILS, role=Role.USER)
    with pytest.raises(NotYoursToInvite):
        invites_as(cast.exams_officer, Role.EXAMS_OFFICER)
    assert not Invitation.objects.exists()


def test_inv2_the_fourth_admin_leaves_nothing_behind(cast: Cast) -> None:
    for number in (2, 3):
        invite(cast.exams_officer, f"admin{number}@glan.example", role=Role.ADMIN)
    before = Membership.objects.count(), Message.objects.count(), AuditEvent.objects.count()
    with pytest.raises(NoAdminSeat):
        invites_as(cast.admin, Role.ADMIN)
    assert (Membership.objects.count(), Message.objects.count(), AuditEvent.objects.count()) == before


def test_inv2_only_staff_invite_an_exams_officer(cast: Cast) -> None:
    empty = make_centre("68003", "Ysgol Newydd")
    for person in (cast.exams_officer, cast.admin, cast.user):
        with pytest.raises(NotYoursToInvite):
            invite_exams_officer(actor=person.user, centre=empty, details=DETAILS)
    invitation = invite_exams_officer(actor=cast.staff.user, centre=empty, details=DETAILS)
    assert invitation.role == Role.EXAMS_OFFICER
    with pytest.raises(ExamsOfficerExists):
        invite_exams_officer(actor=cast.staff.user, centre=empty, details=Details(email="b@c.example", first_name="B", last_name="C"))


def test_inv2_the_rights_asked_for_stay_within_the_table(cast: Cast) -> None:
    with pytest.raises(BeyondCeiling):
        invite_person(
            actor=cast.exams_officer.user,
            membership=cast.exams_officer.membership,
            details=DETAILS,
            role=Role.USER,
            rights=default_rights(Role.ADMIN),
        )


def test_a66_the_database_refuses_a_second_open_invite(cast: Cast) -> None:
    first = invites_as(cast.admin)
    with pytest.raises(InviteWaiting) as refused:
        invites_as(cast.exams_officer)
    assert refused.value.invitation == first
    with pytest.raises(IntegrityError), transaction.atomic():
        Invitation.objects.create(
            centre=cast.centre, role=Role.USER, email=first.email, first_name="A", last_name="B", expires_at=clock.now()
        )


def test_inv5_states_follow_the_message(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin)
    assert state(invitation) is InviteState.QUEUED
    post()
    assert state(invitation) is InviteState.SENT
    Message.objects.filter(kind="invite").update(state=State.DELIVERED)
    assert state(invitation) is InviteState.DELIVERED
    Message.objects.filter(kind="invite").update(state=State.BOUNCED, reason="550 5.1.1 User unknown <elin@...>")
    assert state(invitation) is InviteState.BOUNCED
    assert str(standings([invitation])[invitation.pk].why) == "There is no such mailbox. Check the email address."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("552 5.2.2 Mailbox full", "The mailbox is full."),
        ("554 5.7.1 rejected as spam", "blocked our email"),
        ("550 no such user here", "no such mailbox"),
        ("550 5.1.1 <a@b.example>: Recipient address rejected: User unknown in local recipient table", "no such mailbox"),
        ("550 5.4.1 Recipient address rejected: Access denied. AS(201806281)", "no such mailbox"),
        ("550 5.1.8 Access denied, bad outbound sender", "blocked our email"),
        ("550 5.7.1 Service unavailable, client host unknown", "blocked our email"),
        ("571 who knows", "did not take our email"),
    ],
)
def test_inv5_a_bounce_is_explained_without_the_providers_words(answer: str, words: str) -> None:
    said = str(explanation(InviteState.BOUNCED, Post(State.FAILED, answer)))
    assert words in said
    assert answer not in said


def test_inv4_an_invite_is_over_exactly_two_calendar_months_after_it_was_sent(cast: Cast) -> None:
    with time_machine.travel("2026-12-31T10:00:00+00:00", tick=False):
        invitation = invites_as(cast.admin)
    assert invitation.expires_at.isoformat() == "2027-02-28T10:00:00+00:00"
    second = timedelta(seconds=1)
    assert state_of(invitation, None, invitation.expires_at - second) is InviteState.SENT
    assert state_of(invitation, None, invitation.expires_at) is InviteState.EXPIRED


def test_inv3_resending_makes_a_new_password_and_kills_the_old(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin)
    old = temporary_password_in(str(post()[-1].body))
    Invitation.objects.update(tries_left=0, expires_at=clock.now() - timedelta(days=1), reminded_at=clock.now())
    assert state(invitation) is InviteState.EXPIRED
    resend(actor=cast.exams_officer.user, invitation=invitation)
    letter = post()[-1]
    new = temporary_password_in(str(letter.body))
    invitation.refresh_from_db()
    assert not temporary.matches(old, invitation.password_hash)
    assert temporary.matches(new, invitation.password_hash)
    assert (invitation.tries_left, invitation.reminded_at, invitation.invited_by) == (10, None, cast.exams_officer.user)
    assert state(invitation) is InviteState.SENT
    assert "The earlier temporary password no longer works" in " ".join(str(letter.body).split())
    assert len(events(Event.INVITE_RESENT)) == 1


def test_inv3_a_message_that_has_not_left_is_called_back_when_the_invite_is_resent(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin)
    resend(actor=cast.admin.user, invitation=invitation)
    assert [message.kind for message in Message.objects.filter(state=State.QUEUED)] == ["invite_again"]
    assert len(post()) == 1


def test_p17_an_invite_is_resent_once_in_five_minutes_and_five_times_a_day(cast: Cast) -> None:
    with time_machine.travel("2026-10-01T09:00:00+00:00", tick=False) as travel:
        invitation = invites_as(cast.admin)
        for _turn in range(5):
            resend(actor=cast.admin.user, invitation=invitation)
            with pytest.raises(ResendTooSoon):
                resend(actor=cast.admin.user, invitation=invitation)
            travel.shift(301)
        with pytest.raises(ResendTooSoon):
            resend(actor=cast.admin.user, invitation=invitation)


def test_p17_an_inviter_sends_twenty_an_hour(cast: Cast) -> None:
    for number in range(20):
        invite(cast.admin, f"user{number}@glan.example")
    before = Invitation.objects.count()
    with pytest.raises(TooManyInvites):
        invite(cast.admin, "onemore@glan.example")
    assert Invitation.objects.count() == before
    invite(cast.exams_officer, "onemore@glan.example")


def test_inv5_withdrawing_frees_the_place_and_tells_the_address(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin, Role.ADMIN)
    post()
    withdraw(actor=cast.admin.user, invitation=invitation)
    assert state(invitation) is InviteState.WITHDRAWN
    assert not Membership.objects.filter(role=Role.ADMIN, user=None).exists()
    letter = post()[-1]
    assert letter.to == ["elin@glan.example"]
    assert "no longer works" in str(letter.body)
    assert "Elin" not in str(letter.body)
    for deed in (resend, withdraw):
        with pytest.raises(InviteOver):
            deed(actor=cast.admin.user, invitation=invitation)
    assert invites_as(cast.admin).pk != invitation.pk


def test_inv5_a_corrected_address_gets_a_fresh_invite_and_the_old_one_a_notice(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin)
    old = temporary_password_in(str(post()[-1].body))
    correct_address(actor=cast.admin.user, invitation=invitation, email="Elin.Wyn@glan.example")
    letters = {letter.to[0]: letter for letter in post()}
    assert set(letters) == {"elin@glan.example", "elin.wyn@glan.example"}
    invitation.refresh_from_db()
    assert not temporary.matches(old, invitation.password_hash)
    assert temporary.matches(temporary_password_in(str(letters["elin.wyn@glan.example"].body)), invitation.password_hash)
    assert len(events(Event.INVITE_CORRECTED)) == 1


def test_inv5_a_bounced_address_is_not_written_to_again_when_corrected(cast: Cast, post: Letters) -> None:
    invitation = invites_as(cast.admin)
    post()
    Message.objects.update(state=State.BOUNCED)
    correct_address(actor=cast.admin.user, invitation=invitation, email="right@glan.example")
    assert [letter.to for letter in post()] == [["right@glan.example"]]


def test_inv5_an_address_cannot_be_corrected_to_one_that_is_known_here(cast: Cast) -> None:
    invitation = invites_as(cast.admin)
    invite(cast.admin, "other@glan.example")
    for email, refusal in (
        ("elin@glan.example", SameAddress),
        ("user@glan.example", AlreadyAtCentre),
        ("other@glan.example", InviteWaiting),
    ):
        with pytest.raises(refusal):
            correct_address(actor=cast.admin.user, invitation=invitation, email=email)
    assert Message.objects.filter(kind="invite_withdrawn").count() == 0


def test_inv2_invites_are_handled_by_managers_of_their_own_centre_only(cast: Cast) -> None:
    invitation = invites_as(cast.admin)
    for person in (cast.user, cast.other_exams_officer, cast.staff):
        for deed in (resend, withdraw):
            with pytest.raises(NotYoursToInvite):
                deed(actor=person.user, invitation=invitation)


def test_inv2_an_exams_officers_invite_is_handled_by_staff_only(cast: Cast) -> None:
    centre = make_centre("68003", "Ysgol Newydd")
    admin = make_member(centre, Role.ADMIN, "admin@newydd.example")
    invitation = invite_exams_officer(actor=cast.staff.user, centre=centre, details=DETAILS)
    with pytest.raises(NotYoursToInvite):
        withdraw(actor=admin.user, invitation=invitation)
    resend(actor=cast.staff.user, invitation=invitation)
    withdraw(actor=cast.staff.user, invitation=invitation)


def test_inv5_waiting_invites_are_listed_for_managers_only(cast: Cast) -> None:
    invitation = invites_as(cast.admin)
    assert [standing.invitation for standing in waiting_for(cast.exams_officer.membership)] == [invitation]
    assert waiting_for(cast.user.membership) == []
    assert waiting_for(cast.other_exams_officer.membership) == []


def test_inv7_a_person_at_another_centre_keeps_one_account(cast: Cast, post: Letters) -> None:
    known = make_person("known@cwm.example", language="en")
    invitation = invite(cast.admin, "KNOWN@cwm.example")
    (letter,) = post()
    assert letter.to == [known.user.email]
    resend(actor=cast.admin.user, invitation=invitation)
    assert Message.objects.filter(kind="invite_existing").count() == 2
    assert not Message.objects.exclude(secret="").exists()


def test_a113_line_breaks_in_an_address_are_refused(cast: Cast) -> None:
    from accounts.canonical import BadEmail

    with pytest.raises(BadEmail):
        invite(cast.admin, "a@b.example\nBcc: c@d.example")
