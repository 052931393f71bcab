"""MAIL-3, A148, F24: what providers tell, who may tell it, and that a state only moves forward whatever the order."""

import json
from datetime import timedelta
from itertools import permutations, product
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox import relay
from portal.outbox.claim import claim, settle
from portal.outbox.models import Message, State
from portal.outbox.webhooks import flow
from portal.outbox.webhooks.events import Event
from portal.outbox.webhooks.models import ProviderEvent, Tiding
from portal.outbox.webhooks.rules import ORDER, after
from tests.portal.letters import letter, write_templates
from tests.portal.webhooks import event, tell

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _templates(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)


@pytest.fixture
def sent(db: None) -> Message:
    """A message that the mail server took."""
    row = letter()
    relay.sweep()
    row.refresh_from_db()
    assert row.state == State.ACCEPTED
    return row


def state_of(row: Message) -> State:
    return State(Message.objects.get(pk=row.pk).state)


# --- the rule -----------------------------------------------------------------
def test_every_state_has_its_place_in_the_order() -> None:
    assert set(ORDER) == set(State)
    assert len(ORDER) == len(State)


@pytest.mark.parametrize(("state", "tiding"), list(product(State, Tiding)))
def test_mail3_a_state_only_moves_forward(state: State, tiding: Tiding) -> None:
    """Every pair: never back, never past what was heard, and hearing it again changes nothing."""
    heard = State.BOUNCED if tiding == Tiding.BOUNCED else State.DELIVERED
    new = after(state, tiding)
    assert ORDER.index(new) >= ORDER.index(state)
    assert new in {state, heard}
    assert ORDER.index(new) >= ORDER.index(heard)
    assert after(new, tiding) == new


@pytest.mark.parametrize("state", State)
def test_f24_the_order_of_events_does_not_matter(state: State) -> None:
    ends = set()
    for order in permutations(Tiding):
        reached = state
        for tiding in order:
            reached = after(reached, tiding)
        ends.add(reached)
    assert len(ends) == 1


# --- what is told ---------------------------------------------------------------
@pytest.mark.parametrize(("tiding", "state"), [("delivered", State.DELIVERED), ("bounced", State.BOUNCED), ("complained", State.DELIVERED)])
def test_mail3_an_event_moves_its_message(sent: Message, tiding: str, state: State) -> None:
    answer = tell(event(sent.pk, tiding, reason="552 5.2.2 Mailbox full", at="2026-11-02T09:00:00Z"))
    assert (answer.status_code, answer.json()) == (200, {"events": 1, "new": 1})
    row = Message.objects.get(pk=sent.pk)
    assert row.state == state
    assert row.reason == ("552 5.2.2 Mailbox full" if tiding == "bounced" else "")
    assert ProviderEvent.objects.get(tiding=tiding).message == row


def test_a_message_is_found_by_its_message_id_header_and_by_the_providers_id(sent: Message) -> None:
    other = letter()
    message = claim(str(other.pk))
    assert message
    settle(message, State.ACCEPTED, provider_id="provider-7")
    tell(event(f"<{sent.pk}@board.example>"), event("provider-7"))
    assert {state_of(sent), state_of(other)} == {State.DELIVERED}


def test_f24_five_times_in_reversed_order_before_our_commit(sent: Message) -> None:
    """The worker still holds the message: the events end it, five times the same, and the worker's own record comes too late."""
    row = letter()
    message = claim(str(row.pk))
    assert message
    bounced, delivered = event(row.pk, "bounced", reason="550 5.1.1 no such user"), event(row.pk, "delivered")
    for age in range(5):
        assert tell(bounced, delivered, age=age).status_code == 200
    assert settle(message, State.ACCEPTED, provider_id="provider-7") is False
    row.refresh_from_db()
    assert (row.state, row.secret, row.reason) == (State.BOUNCED, "", "550 5.1.1 no such user")
    assert ProviderEvent.objects.filter(message=row).count() == 2


def test_f24_an_event_for_an_id_we_have_not_recorded_yet_is_kept_and_applied_later() -> None:
    row = letter()
    message = claim(str(row.pk))
    assert message
    for age in range(5):
        assert tell(event("provider-9", "delivered"), age=age).status_code == 200
    assert ProviderEvent.objects.get().message is None
    assert flow.apply_waiting() == 0
    settle(message, State.ACCEPTED, provider_id="provider-9")
    assert flow.apply_waiting() == 1
    assert state_of(row) == State.DELIVERED
    assert flow.apply_waiting() == 0


def test_an_event_for_a_stranger_s_message_waits_and_is_purged_after_90_days() -> None:
    tell(event("somebody-elses"))
    assert flow.apply_waiting() == flow.purge_old() == 0
    with time_machine.travel(clock.now() + timedelta(days=limits.WEBHOOK_EVENTS_KEPT_DAYS, minutes=1)):
        assert flow.purge_old() == 1
    assert not ProviderEvent.objects.exists()


def test_f18_a_message_that_was_taken_is_not_sent_again(mailoutbox: list[Any]) -> None:
    """The provider took it and hung up: it waits for another try when the provider says that it has been delivered."""
    row = letter()
    tell(event(row.pk))
    relay.sweep()
    assert not mailoutbox
    assert state_of(row) == State.DELIVERED


def test_a_message_without_an_end_stays_what_it_became(sent: Message) -> None:
    Message.objects.filter(pk=sent.pk).update(state=State.EXPIRED)
    tell(event(sent.pk), event(sent.pk, "bounced"))
    assert state_of(sent) == State.EXPIRED
    assert ProviderEvent.objects.filter(message=sent).count() == 2


def test_a_complaint_is_in_the_trail_without_the_address(sent: Message) -> None:
    tell(event(sent.pk, "complained"))
    told = AuditEvent.objects.get(number=Event.MESSAGE_COMPLAINED.number)
    assert told.detail["message"] == str(sent.pk)
    assert sent.recipient not in str(vars(told))


def test_nobody_is_tracked_and_unknown_types_are_let_go(sent: Message) -> None:
    assert tell(event(sent.pk, "opened"), event(sent.pk, "clicked")).json() == {"events": 0, "new": 0}
    assert not ProviderEvent.objects.exists()


# --- who may tell it --------------------------------------------------------------
def refused(answer: Any, sent: Message, status: int = 400) -> None:
    assert answer.status_code == status
    assert state_of(sent) == State.ACCEPTED
    assert not ProviderEvent.objects.exists()
    assert AuditEvent.objects.filter(number=Event.WEBHOOK_REFUSED.number).count() == 1


def test_a148_no_secret(sent: Message) -> None:
    refused(Client().post(reverse("webhook-messages"), {"events": [event(sent.pk)]}, content_type="application/json"), sent)


@pytest.mark.parametrize("secret", ["wrong", "0" * 64])
def test_a148_a_wrong_secret(sent: Message, secret: str) -> None:
    refused(tell(event(sent.pk), secret=secret), sent)


@pytest.mark.parametrize("signature", ["", "é", "0" * 64, "0" * 10_000])
def test_a148_a_wrong_signature(sent: Message, signature: str) -> None:
    refused(tell(event(sent.pk), headers={"Portal-Signature": signature}), sent)


def test_a148_a_rotated_out_secret_counts_no_more_and_a_second_one_still_does(sent: Message, settings: Settings) -> None:
    settings.WEBHOOK_SECRETS = ["new-secret", "old-secret"]
    refused(tell(event(sent.pk), secret="older-secret"), sent)
    assert tell(event(sent.pk), secret="old-secret").status_code == 200
    assert state_of(sent) == State.DELIVERED


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24])
def test_a148_an_old_time_or_one_to_come(sent: Message, minutes: int) -> None:
    refused(tell(event(sent.pk), age=minutes * 60), sent)


@pytest.mark.parametrize("timestamp", ["", "now", "-1", "1e9", "٣", "9" * 400])
def test_a148_what_is_no_time(sent: Message, timestamp: str) -> None:
    refused(tell(event(sent.pk), headers={"Portal-Timestamp": timestamp}), sent)


def test_a148_the_same_request_again_is_refused_and_the_same_event_signed_anew_is_known(sent: Message) -> None:
    body = json.dumps({"events": [event(sent.pk)]}).encode()
    with time_machine.travel(clock.now(), tick=False):
        assert tell(body=body).status_code == 200
        assert tell(body=body).status_code == 400
    assert tell(event(sent.pk), age=30).json() == {"events": 1, "new": 0}
    assert ProviderEvent.objects.count() == 1


def test_a148_a_body_changed_on_its_way(sent: Message) -> None:
    answer = tell(event(sent.pk), headers={"Portal-Signature": "0" * 64})
    refused(answer, sent)


def test_a148_10_mb_is_more_than_any_page_takes(sent: Message) -> None:
    assert tell(body=b"x" * 10_000_000).status_code == 400
    assert state_of(sent) == State.ACCEPTED


def test_a148_more_than_a_form(sent: Message) -> None:
    refused(tell(body=b"x" * (limits.P21_FORM_BYTES + 1)), sent, 413)


@pytest.mark.parametrize("method", ["get", "head", "put", "delete", "options", "patch"])
def test_a148_other_methods(sent: Message, method: str) -> None:
    assert getattr(Client(), method)(reverse("webhook-messages")).status_code == 405
    assert state_of(sent) == State.ACCEPTED


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"events": 1}',
        b'{"events": [1]}',
        b'{"events": [{}]}',
        b'{"events": [{"id": "1", "type": "delivered", "at": "yesterday"}]}',
        b'{"events": [{"id": "\\u0000", "type": "delivered"}]}',
        b'{"events": [{"id": "' + b"1" * 201 + b'", "type": "delivered"}]}',
        b'{"events": [' + b",".join([b'{"id": "1", "type": "opened"}'] * (limits.WEBHOOK_EVENTS_AT_ONCE + 1)) + b"]}",
        b"[" * 100_000,
        b"\xff\xfe",
    ],
)
def test_a_signed_body_that_makes_no_sense_is_refused(sent: Message, body: bytes) -> None:
    refused(tell(body=body), sent)


def test_a_stranger_fills_no_trail(sent: Message) -> None:
    for _again in range(limits.WEBHOOK_REFUSALS_KEPT_PER_HOUR + 3):
        assert tell(event(sent.pk), secret="wrong").status_code == 400
    assert AuditEvent.objects.filter(number=Event.WEBHOOK_REFUSED.number).count() == limits.WEBHOOK_REFUSALS_KEPT_PER_HOUR
