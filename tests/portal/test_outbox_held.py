"""F32: what a restored database had still to send waits for staff, and nothing of it leaves by itself, not even when a worker was called for it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.restored import after_restore
from accounts.invites.flow import withdraw
from accounts.invites.queries import standings
from accounts.invites.states import InviteState
from accounts.models import Code, Invitation, Session
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox import relay
from portal.outbox.claim import claim, expire_due
from portal.outbox.held import drop, release
from portal.outbox.models import Message, State
from tests.cast import Cast, Person, half_sign_in, invite
from tests.portal.webhooks import event, tell

pytestmark = pytest.mark.django_db
CHANGELIST = "admin:outbox_message_changelist"


@pytest.fixture
def restored(cast: Cast) -> Invitation:
    """A database that came back: one invite waits, one notice was in somebody's hand, and somebody had asked for a code."""
    half_sign_in(cast.user).post(reverse("sign-in-factor"), {"way": "email"})
    invitation = invite(cast.exams_officer, "elin@glan.example")
    taken = Message.objects.exclude(kind="invite").exclude(queue="codes").first()
    if taken is not None:
        assert claim(str(taken.pk)) is not None
    after_restore()
    return invitation


def invited() -> Message:
    return Message.objects.get(kind="invite")


def deeds(browser: Client, action: str) -> Any:
    chosen = [str(pk) for pk in Message.objects.values_list("pk", flat=True)]
    return browser.post(reverse(CHANGELIST), {"action": action, "_selected_action": chosen}, follow=True)


def test_f32_sessions_and_codes_of_a_backup_are_void_and_its_messages_are_held(restored: Invitation) -> None:
    assert not Session.objects.exists()
    assert not Code.objects.exists()
    assert not Message.objects.filter(state__in=("queued", "claimed")).exists()
    assert invited().secret, "kept, for it may be sent after all"
    assert set(Message.objects.filter(queue="codes").values_list("state", "secret")) <= {(State.EXPIRED.value, "")}
    for pk in Message.objects.values_list("pk", flat=True):
        relay.deliver(str(pk))
    assert relay.sweep() == 0
    assert not mail.outbox
    told = AuditEvent.objects.get(kind="DATABASE_RESTORED")
    assert told.detail["messages"] == Message.objects.filter(state=State.HELD).count() >= 1
    assert standings([restored])[restored.pk].state is InviteState.QUEUED


def test_f32_staff_send_what_is_held(restored: Invitation, cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    browser = signed_in(cast.staff)
    page = browser.get(reverse(CHANGELIST)).content.decode()
    assert "held back after a restore" in page
    held = Message.objects.filter(state=State.HELD).count()
    assert f"portal_outbox_held {held}\n" in Client().get("/metrics").content.decode()
    Message.objects.update(created_at=clock.now() - timedelta(days=3))
    answer = deeds(browser, "send_held")
    assert answer.status_code == 200
    assert clock.now() - invited().created_at < timedelta(minutes=1)  # its tries count from now
    relay.sweep()
    assert "elin@glan.example" in {address for letter in mail.outbox for address in letter.to}
    assert invited().state == State.ACCEPTED
    assert AuditEvent.objects.get(kind="MESSAGES_RELEASED").detail == {"messages": held}
    assert "Nothing was changed" in deeds(browser, "send_held").content.decode()
    assert AuditEvent.objects.filter(kind="MESSAGES_RELEASED").count() == 1


def test_f32_staff_take_for_sent_what_left_before(restored: Invitation, cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    deeds(signed_in(cast.staff), "drop_held")
    relay.sweep()
    assert not mail.outbox
    assert (invited().state, invited().secret) == (State.ACCEPTED, "")
    assert AuditEvent.objects.filter(kind="MESSAGES_DROPPED").count() == 1


def test_f32_only_staff_with_the_right_decide(restored: Invitation, cast: Cast) -> None:
    for somebody in (cast.user, cast.exams_officer):
        for deed in (release, drop):
            with pytest.raises(PermissionDenied):
                deed(actor=somebody.user, messages=[invited().pk])
    assert invited().state == State.HELD


def test_f32_what_is_held_can_still_be_called_back_expire_or_be_heard_of(restored: Invitation, cast: Cast) -> None:
    Message.objects.filter(pk=invited().pk).update(expires_at=clock.now() - timedelta(seconds=1))
    expire_due()
    assert (invited().state, invited().secret) == (State.EXPIRED, "")
    Message.objects.filter(pk=invited().pk).update(state=State.HELD)
    tell(event(invited().pk, "delivered"))
    assert invited().state == State.DELIVERED
    Message.objects.filter(pk=invited().pk).update(state=State.HELD, secret="x")
    withdraw(actor=cast.exams_officer.user, invitation=restored)
    assert (invited().state, invited().secret) == (State.EXPIRED, "")


def test_f32_the_command_may_be_run_twice_and_looks_at_the_trail(restored: Invitation, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("after_restore")
    said = capsys.readouterr().out
    assert "Ended: 0 sessions, 0 codes. Held back for review (help desk, Messages): 0." in said
    assert "The audit trail is as it was written" in said
    assert invited().state == State.HELD
