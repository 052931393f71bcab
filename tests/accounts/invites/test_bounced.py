"""INV-5, ui.md 4.2: whoever invited is told that an invite came back, and why, never in the server's words."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.flow import correct_address, invite_exams_officer, resend, withdraw
from accounts.invites.queries import standings
from accounts.invites.states import InviteState
from accounts.models import Invitation
from portal.audit.models import AuditEvent
from portal.outbox.bounces import Bounce, bounce_of
from portal.outbox.claim import claim, settle
from portal.outbox.models import Message, State
from portal.outbox.put import put
from tests.cast import Cast, invite, make_centre
from tests.portal.webhooks import event, tell

Post = Callable[[], list[Any]]
RAW = "552 5.2.2 <elin@glan.example> over quota #42"


def last_letter(invitation: Invitation) -> Message:
    return Message.objects.filter(about=f"invitation:{invitation.pk}", kind__startswith="invite").latest("created_at")


def come_back(message: Message, reason: str = RAW) -> None:
    assert tell(event(message.pk, "bounced", reason=reason)).status_code == 200


def test_the_inviter_is_told_in_plain_words(cast: Cast, post: Post) -> None:
    invitation = invite(cast.admin, "elin@glan.example")
    post()
    come_back(last_letter(invitation))
    [told] = post()
    assert told.to == [cast.admin.user.email]
    assert told.subject == "A Portal invite you sent could not be delivered"
    for part in (told.body, told.alternatives[0].content):
        assert "Elin Wyn" in part
        assert "The mailbox is full." in part
        assert "Manage Users" in part
        assert "quota" not in part
        assert "5.2.2" not in part
    [row] = standings([invitation]).values()
    assert (row.state, str(row.why)) == (InviteState.BOUNCED, "The mailbox is full.")
    assert AuditEvent.objects.filter(number=Event.INVITE_BOUNCED.number, subject_id=str(invitation.pk)).count() == 1


def test_once_however_often_the_provider_says_so(cast: Cast, post: Post) -> None:
    invitation = invite(cast.admin, "elin@glan.example")
    post()
    row = last_letter(invitation)
    for age in range(3):
        tell(event(row.pk, "bounced"), event(row.pk, "bounced", id="another-id"), age=age)
    assert len(post()) == 1


@pytest.mark.parametrize("state", [State.FAILED, State.DEAD])
def test_f16_a_refusal_on_the_spot_is_told_too(cast: Cast, post: Post, state: State) -> None:
    invitation = invite(cast.admin, "elin@glan.example")
    message = claim()
    assert message
    settle(message, state, reason="550 5.1.1 no such user")
    [told] = post()
    assert ("no such mailbox" if state == State.FAILED else "could not reach") in told.body
    assert told.to == [cast.admin.user.email]
    assert last_letter(invitation).kind == "invite_bounced"


def test_what_was_corrected_resent_or_withdrawn_meanwhile_is_not_told(cast: Cast, post: Post) -> None:
    deeds: list[Callable[[Invitation], object]] = [
        lambda row: correct_address(actor=cast.admin.user, invitation=row, email=f"right-{row.email}"),
        lambda row: withdraw(actor=cast.admin.user, invitation=row),
        lambda row: resend(actor=cast.admin.user, invitation=row),
    ]
    for number, deed in enumerate(deeds):
        invitation = invite(cast.admin, f"elin{number}@glan.example")
        post()
        old = last_letter(invitation)
        Invitation.objects.filter(pk=invitation.pk).update(sent_at="2026-01-01T00:00:00Z")
        deed(invitation)
        post()
        come_back(old)
        assert not post()


def test_nobody_is_left_to_tell(cast: Cast, post: Post) -> None:
    centre = make_centre("68003", "Ysgol y Bryn")
    details = Details(email="eo@bryn.example", title="", first_name="Elin", last_name="Wyn", job_role="", language="en")
    invitation = invite_exams_officer(actor=None, centre=centre, details=details)
    post()
    come_back(last_letter(invitation))
    assert not post()
    assert AuditEvent.objects.filter(number=Event.INVITE_BOUNCED.number).exists()


def test_staff_are_sent_to_the_help_desk(cast: Cast, post: Post) -> None:
    centre = make_centre("68003", "Ysgol y Bryn")
    details = Details(email="eo@bryn.example", title="", first_name="Elin", last_name="Wyn", job_role="", language="en")
    invitation = invite_exams_officer(actor=cast.staff.user, centre=centre, details=details)
    post()
    come_back(last_letter(invitation))
    [told] = post()
    assert "help desk" in told.body
    assert "/admin/" in told.body


def test_other_messages_are_nobody_s_invite(cast: Cast, post: Post) -> None:
    row = put("password_changed", to="nia@glan.example", language="en", context={"name": "Nia", "changed_at": "2026-11-02T09:00:00+00:00"})
    post()
    come_back(row)
    assert not post()


@pytest.mark.parametrize("about", ["", "invitation:", "invitation:7", "person:00000000-0000-0000-0000-000000000000"])
def test_a_message_that_names_no_invite_stops_nothing(cast: Cast, about: str) -> None:
    put("invite", to="nia@glan.example", language="both-en", context={}, about=about)
    message = claim()
    assert message
    assert settle(message, State.FAILED, reason="550 5.1.1 no such user")
    assert not Message.objects.filter(kind="invite_bounced").exists()


@pytest.mark.parametrize(
    ("answer", "bounce"),
    [
        ("552 5.2.2 Mailbox full", Bounce.FULL),
        ("452 4.2.2 over quota", Bounce.FULL),
        ("550 5.2.1 The email account that you tried to reach is disabled", Bounce.CLOSED),
        ("550 mailbox is inactive", Bounce.CLOSED),
        ("550 5.1.1 no such user", Bounce.NO_MAILBOX),
        ("550 5.4.1 Recipient address rejected: Access denied", Bounce.NO_MAILBOX),
        ("550 5.1.2 bad destination", Bounce.NO_DOMAIN),
        ("Domain example.invalid does not exist: NXDOMAIN", Bounce.NO_DOMAIN),
        ("554 5.7.1 blocked by policy", Bounce.BLOCKED),
        ("550 5.7.606 banned sending IP", Bounce.BLOCKED),
        ("451 4.4.1 no answer from host", Bounce.UNREACHABLE),
        ("timed_out", Bounce.UNREACHABLE),
        ("spam", Bounce.COMPLAINED),
        ("unsubscribed", Bounce.COMPLAINED),
        ("invalid", Bounce.NO_MAILBOX),
        ("other", Bounce.REFUSED),
        ("", Bounce.REFUSED),
    ],
)
def test_what_servers_answer_in_plain_words(answer: str, bounce: Bounce) -> None:
    assert bounce_of(answer) is bounce
    assert not any(sign.isdigit() for sign in str(bounce.sentence))
