"""F17, P23: three queues, batches that give way, the relay that hands out, and the breaker."""

import re
import smtplib
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from portal import limits
from portal.outbox import canary, claim, hand_out, relay, wake
from portal.outbox.models import Channel, Message, Queue, State
from portal.outbox.put import put
from tests.portal.letters import letter, write_templates

START: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
ROOT: Final = Path(__file__).resolve().parents[2]


class Server(EmailBackend):
    """A mail server that is down, or takes its time by moving the clock."""

    down = False
    asked = 0

    def send_messages(self, messages: Any) -> int:
        """Take the message, or not."""
        Server.asked += 1
        if Server.down:
            raise smtplib.SMTPServerDisconnected
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _outbox(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    write_templates(tmp_path, settings)
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.down, Server.asked = False, 0
    yield
    Server.down = False


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def calls(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What is announced to the broker, which takes everything."""
    from portal.outbox.tasks import deliver_message

    made: list[tuple[str, str]] = []
    monkeypatch.setattr(deliver_message, "apply_async", lambda args, *, queue, **_options: made.append((args[0], queue)))
    monkeypatch.setattr(wake, "_silent_until", 0.0)
    settings.BROKER_URL = "redis://nowhere"
    return made


def in_queue(queue: Queue, count: int = 1, **changes: Any) -> list[Message]:
    rows = [letter(to=f"{queue.value}{number}@glan.example", **changes) for number in range(count)]
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(queue=queue)
    return rows


def test_f17_each_kind_has_its_queue_and_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="has no queue"):
        put("something_new", to="nia@glan.example", language="en", context={})
    assert not Message.objects.exists()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(kind="ground", recipient="x", language="en", queue="express")


def test_every_kind_of_the_templates_has_a_queue(settings: Settings) -> None:
    kinds = {path.parent.name for path in (ROOT / "templates/email").glob("*/subject.txt")}
    kinds |= {path.stem for path in (ROOT / "templates/sms").glob("*.txt")}
    assert kinds <= set(settings.MESSAGE_QUEUES)
    assert set(settings.MESSAGE_QUEUES.values()) == set(Queue.values)
    assert all(settings.MESSAGE_QUEUES[kind] == "codes" for kind in kinds if re.search("_code$", kind))


def test_a_batch_is_of_one_queue_and_a_code_waits_for_no_batch_of_invites() -> None:
    in_queue(Queue.BULK, 3)
    in_queue(Queue.CODES, 2)
    assert [row.queue for row in claim.claim_batch()] == [Queue.CODES] * 2
    assert [row.queue for row in claim.claim_batch()] == [Queue.BULK] * 3
    assert claim.claim_batch() == []


def test_a_batch_costs_as_few_statements_as_one_message() -> None:
    rows = in_queue(Queue.BULK, 20)
    with CaptureQueriesContext(connection) as queries:
        assert len(claim.claim_batch(str(rows[0].pk))) == 20
    assert len(queries) <= 5


def test_a_slow_provider_sees_a_batch_end_after_five_seconds_and_the_rest_is_called_for(
    monkeypatch: pytest.MonkeyPatch, calls: list[tuple[str, str]]
) -> None:
    rows = in_queue(Queue.BULK, 4)
    seconds = iter([0.0, 3.0, 6.0, 9.0])
    monkeypatch.setattr(relay, "time", SimpleNamespace(monotonic=lambda: next(seconds)))
    from portal.outbox.tasks import deliver_message

    deliver_message(str(rows[0].pk))
    assert len(mail.outbox) == 2
    assert calls == [(str(rows[2].pk), "bulk")]
    assert sorted(Message.objects.values_list("state", "attempt", "tries", "falls")) == sorted(
        [(State.ACCEPTED, 1, 0, 0)] * 2 + [(State.QUEUED, 1, 0, 0)] * 2
    )


def test_the_relay_calls_once_for_fifty_and_by_name_for_what_fell(calls: list[tuple[str, str]], clock: time_machine.Traveller) -> None:
    in_queue(Queue.BULK, limits.P23_BATCH + 1)
    (fallen,) = in_queue(Queue.NOTICES)
    Message.objects.filter(pk=fallen.pk).update(falls=1)
    (code,) = in_queue(Queue.CODES)
    letter(to="later@glan.example")
    Message.objects.filter(recipient="later@glan.example").update(next_try_at=START + timedelta(seconds=1))
    assert hand_out.hand_out() == 4
    assert calls[:2] == [(str(code.pk), "codes"), (str(fallen.pk), "notices")]
    assert [queue for _pk, queue in calls[2:]] == ["bulk", "bulk"]
    for pk, _queue in calls:
        relay.deliver(pk)
    assert Message.objects.filter(state=State.ACCEPTED).count() == limits.P23_BATCH + 3


def test_f01_what_a_dead_worker_held_is_called_for_as_soon_as_its_lease_is_over(
    calls: list[tuple[str, str]], clock: time_machine.Traveller
) -> None:
    held, still_held = in_queue(Queue.NOTICES, 2)
    assert claim.claim(str(held.pk)) is not None
    clock.shift(1)
    assert claim.claim(str(still_held.pk)) is not None
    in_queue(Queue.BULK)
    clock.shift(limits.P23_LEASE_SECONDS - 2)
    hand_out.take_up()
    assert calls == []
    clock.shift(1)
    hand_out.take_up()
    assert calls == [(str(held.pk), "notices")], "what merely waits is left to the sweep"


def test_f01_without_a_broker_it_is_sent_then(settings: Settings, clock: time_machine.Traveller) -> None:
    settings.BROKER_URL = ""
    (held,) = in_queue(Queue.NOTICES)
    claim.claim(str(held.pk))
    hand_out.take_up()
    clock.shift(limits.P23_LEASE_SECONDS)
    hand_out.take_up()
    assert [message.to for message in mail.outbox] == [["notices0@glan.example"]]


def test_one_call_brings_all_that_fell_each_alone_in_hand(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    rows = in_queue(Queue.BULK, 4)
    assert len(claim.claim_batch(str(rows[0].pk))) == len(rows)
    clock.shift(limits.P23_LEASE_SECONDS)
    in_hand: list[int] = []
    send = Server.send_messages

    def counted(server: Server, messages: Any) -> int:
        in_hand.append(
            Message.objects.filter(state=State.CLAIMED, next_try_at__gt=START + timedelta(seconds=limits.P23_LEASE_SECONDS)).count()
        )
        return send(server, messages)

    monkeypatch.setattr(Server, "send_messages", counted)
    relay.deliver(str(rows[1].pk))
    assert in_hand == [1] * len(rows)
    assert Message.objects.filter(state=State.ACCEPTED).count() == len(rows)


def test_a_call_for_what_is_gone_brings_others_of_its_queue(clock: time_machine.Traveller) -> None:
    gone, waiting = in_queue(Queue.BULK, 2)
    other = in_queue(Queue.NOTICES)[0]
    assert claim.claim(str(gone.pk)) is not None
    relay.deliver(str(gone.pk))
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {gone.pk: State.CLAIMED, waiting.pk: State.ACCEPTED, other.pk: State.QUEUED}


def test_the_relay_stops_at_a_broker_that_is_down_and_leaves_it_alone_for_a_while(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from portal.outbox.tasks import deliver_message

    tried = []

    def fail(*_args: Any, **_options: Any) -> None:
        tried.append(1)
        raise OSError

    monkeypatch.setattr(deliver_message, "apply_async", fail)
    monkeypatch.setattr(wake, "_silent_until", 0.0)
    settings.BROKER_URL = "redis://nowhere"
    in_queue(Queue.CODES, 3)
    in_queue(Queue.BULK, 3)
    assert hand_out.hand_out() == 0
    assert not wake.call("some-id", "codes")
    assert len(tried) == 1
    monkeypatch.setattr(wake, "_silent_until", time.monotonic() - 1)
    assert not wake.call("some-id", "codes")
    assert len(tried) == 2


def test_without_a_broker_the_sweep_delivers_by_itself(settings: Settings) -> None:
    settings.BROKER_URL = ""
    letter()
    hand_out.sweep()
    assert len(mail.outbox) == 1
    assert not canary.late(canary.TIMETABLE)


def test_five_bad_sends_in_a_row_open_the_breaker_for_half_a_minute(clock: time_machine.Traveller) -> None:
    rows = in_queue(Queue.NOTICES, 12)
    Server.down = True
    assert relay.sweep() == limits.BREAKER_FAILURES
    assert Server.asked == limits.BREAKER_FAILURES
    untouched = Message.objects.filter(state=State.QUEUED, tries=0)
    assert untouched.count() == len(rows) - limits.BREAKER_FAILURES, "what nobody tried has used up no try"
    clock.shift(limits.BREAKER_SECONDS - 1)
    assert relay.sweep() == 0
    clock.shift(1)
    assert relay.sweep() == 1, "one message decides"
    assert Server.asked == limits.BREAKER_FAILURES + 1
    Server.down = False
    clock.shift(limits.BREAKER_SECONDS)
    assert relay.sweep() == len(rows)
    assert len(mail.outbox) == len(rows)


def test_the_breaker_of_one_channel_leaves_the_other_alone(clock: time_machine.Traveller) -> None:
    in_queue(Queue.CODES, limits.BREAKER_FAILURES)
    Server.down = True
    relay.sweep()
    text = letter(to="+447700900123", channel=Channel.SMS)
    in_queue(Queue.CODES)
    assert relay.sweep() == 1
    assert Message.objects.get(pk=text.pk).state == State.ACCEPTED


def test_the_breaker_is_not_held_open_by_a_clock_set_back(clock: time_machine.Traveller) -> None:
    in_queue(Queue.NOTICES, limits.BREAKER_FAILURES)
    Server.down = True
    relay.sweep()
    Server.down = False
    clock.shift(-600)
    letter()
    assert relay.sweep() == 1


def test_p23_what_expired_is_closed_and_wiped_even_if_nobody_takes_it(clock: time_machine.Traveller) -> None:
    gone, held, lasting = (letter(expires_at=START + timedelta(minutes=minutes)) for minutes in (10, 10, 30))
    Message.objects.filter(pk=gone.pk).update(next_try_at=START + timedelta(hours=1))
    clock.shift(timedelta(minutes=9))
    assert claim.claim(str(held.pk)) is not None
    clock.shift(timedelta(minutes=1))
    assert claim.expire_due() == 1
    states = {row.pk: (row.state, row.secret) for row in Message.objects.all()}
    assert states == {
        gone.pk: (State.EXPIRED, ""),
        held.pk: (State.CLAIMED, "hush-hush"),
        lasting.pk: (State.QUEUED, "hush-hush"),
    }
    clock.shift(limits.P23_LEASE_SECONDS)
    assert claim.expire_due() == 1


def test_f09_a_sign_of_life_is_late_after_a_minute_and_forgotten_after_a_day(clock: time_machine.Traveller) -> None:
    assert canary.late("celery@one")
    canary.show("celery@one")
    clock.shift(limits.CANARY_LATE_SECONDS)
    assert not canary.late("celery@one")
    clock.shift(1)
    assert canary.late("celery@one")
    canary.show("celery@two")
    clock.shift(timedelta(days=1))
    canary.show("celery@three")
    canary.purge_old()
    assert not canary.late("celery@three")
    assert canary.age("celery@two") is None
