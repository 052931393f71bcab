"""MAIL-2, P23: a message's way from the row to the provider's yes, or to its end."""

import smtplib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
import time_machine
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from portal import limits
from portal.outbox import relay
from portal.outbox.claim import claim, claim_batch, settle
from portal.outbox.models import Message, Queue, State
from tests.cast import Cast, Person
from tests.portal.letters import letter, write_templates

START: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


class Flaky(EmailBackend):
    """A mail server with its troubles; `trouble` is raised at each sending."""

    trouble: Exception | None = None

    def send_messages(self, messages: Any) -> int:
        """Take the message, or not."""
        if Flaky.trouble is not None:
            raise Flaky.trouble
        return super().send_messages(messages)


@pytest.fixture(autouse=True)
def _outbox(db: None, settings: Settings, tmp_path: Path) -> Iterator[None]:
    write_templates(tmp_path, settings)
    settings.EMAIL_BACKEND = f"{__name__}.Flaky"
    Flaky.trouble = None
    yield
    Flaky.trouble = None


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    """A clock that stands still until it is moved."""
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


def test_mail2_a_message_is_sent_once_and_its_secret_wiped() -> None:
    row = letter(about="invitation:7")
    assert row.state == State.QUEUED
    assert relay.sweep() == 1
    row = Message.objects.get(about="invitation:7")
    assert (row.state, row.secret, row.attempt) == (State.ACCEPTED, "", 1)
    assert row.sent_at is not None
    relay.deliver(str(row.pk))
    assert relay.sweep() == 0
    assert len(mail.outbox) == 1
    assert "hush-hush" in str(mail.outbox[0].body)


def test_mail2_what_is_rolled_back_is_never_sent() -> None:
    class Broken(Exception):
        pass

    def deed() -> None:
        with transaction.atomic():
            letter()
            raise Broken

    with pytest.raises(Broken):
        deed()
    assert relay.sweep() == 0
    assert not mail.outbox


def test_a_message_in_no_language_or_by_no_way_is_refused_at_once() -> None:
    for wrong in ({"language": "fr"}, {"channel": "pigeon"}):
        with pytest.raises(ValueError, match="no way to write"):
            letter(**wrong)
    with pytest.raises(TypeError):
        letter(context={"when": START})


def test_p23_passing_failures_are_tried_again_with_growing_pauses_and_then_given_up(clock: time_machine.Traveller) -> None:
    Flaky.trouble = smtplib.SMTPServerDisconnected("lost hush-hush")
    row = letter()
    pauses = []
    for _ in range(limits.P23_TRIES - 1):
        assert relay.sweep() == 1
        row = Message.objects.get(pk=row.pk)
        assert (row.state, row.reason, row.secret) == (State.QUEUED, "SMTPServerDisconnected", "hush-hush")
        pauses.append(int((row.next_try_at - datetime.now(UTC)).total_seconds()))
        clock.shift(pauses[-1] - 1)
        assert relay.sweep() == 0
        clock.shift(1)
    assert pauses == [10, 30, 60, 120, 300, 600, 1800, 3600, 3600, 3600, 3600]
    assert relay.sweep() == 1
    row = Message.objects.get(pk=row.pk)
    assert (row.state, row.secret, row.attempt) == (State.DEAD, "", limits.P23_TRIES)
    clock.shift(timedelta(days=2))
    assert relay.sweep() == 0


def test_p23_after_a_day_nothing_is_tried_again(clock: time_machine.Traveller) -> None:
    Flaky.trouble = TimeoutError()
    row = letter()
    clock.shift(timedelta(hours=24, seconds=1))
    relay.sweep()
    assert Message.objects.get(pk=row.pk).state == State.DEAD


def test_recovery_delivers_what_waited(clock: time_machine.Traveller) -> None:
    Flaky.trouble = OSError("down")
    row = letter()
    relay.sweep()
    Flaky.trouble = None
    clock.shift(10)
    relay.sweep()
    row = Message.objects.get(pk=row.pk)
    assert (row.state, row.attempt, row.reason, row.secret) == (State.ACCEPTED, 2, "", "")
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("seconds", [600, 601])
def test_p23_an_expired_code_is_never_sent_and_wiped(clock: time_machine.Traveller, seconds: int) -> None:
    row = letter(expires_at=START + timedelta(minutes=10))
    clock.shift(seconds)
    relay.sweep()
    row = Message.objects.get(pk=row.pk)
    assert (row.state, row.secret) == (State.EXPIRED, "")
    assert not mail.outbox


def test_a_code_that_cannot_be_sent_is_wiped_when_it_expires_not_at_its_next_try(clock: time_machine.Traveller) -> None:
    Flaky.trouble = OSError("down")
    row = letter(expires_at=START + timedelta(seconds=45))
    relay.sweep()
    clock.shift(10)
    relay.sweep()
    assert Message.objects.get(pk=row.pk).next_try_at == START + timedelta(seconds=40)
    clock.shift(30)
    relay.sweep()
    assert Message.objects.get(pk=row.pk).next_try_at == START + timedelta(seconds=45)
    clock.shift(5)
    relay.sweep()
    row = Message.objects.get(pk=row.pk)
    assert (row.state, row.secret) == (State.EXPIRED, "")


def test_f02_a_claim_whose_worker_died_is_taken_up_after_the_lease(clock: time_machine.Traveller) -> None:
    row = letter()
    first = claim()
    assert first is not None
    assert Message.objects.get(pk=row.pk).state == State.CLAIMED
    clock.shift(limits.P23_LEASE_SECONDS - 1)
    assert claim() is None
    clock.shift(1)
    second = claim(str(row.pk))
    assert second is not None
    assert (first.attempt, second.attempt) == (1, 2)
    assert not settle(first, State.FAILED), "the first worker came back too late to have a say"
    assert settle(second, State.ACCEPTED)
    assert Message.objects.get(pk=row.pk).state == State.ACCEPTED


@pytest.mark.parametrize("skews", [(0, 10), (10, 0), (0, -10), (-10, 0)])
def test_f22_beside_a_worker_whose_clock_is_wrong_a_lease_runs_twice_at_most(clock: time_machine.Traveller, skews: tuple[int, int]) -> None:
    row, runs = letter(), 0
    for seconds in range(0, limits.P23_LEASE_SECONDS, 15):
        for minutes in skews:
            clock.move_to(START + timedelta(minutes=minutes, seconds=seconds))
            runs += claim(str(row.pk)) is not None
    assert 1 <= runs <= 2


@pytest.mark.parametrize("minutes", [10, -10])
def test_f22_a_worker_whose_clock_is_wrong_sends_what_is_new_and_no_code_that_is_over(clock: time_machine.Traveller, minutes: int) -> None:
    code, notice = letter(expires_at=START + timedelta(minutes=10)), letter()
    clock.shift(timedelta(minutes=minutes))
    for row in (code, notice):
        relay.deliver(str(row.pk))
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {code.pk: State.EXPIRED if minutes > 0 else State.ACCEPTED, notice.pk: State.ACCEPTED}


def test_f26_a_message_that_kills_its_worker_five_times_is_parked(clock: time_machine.Traveller) -> None:
    row = letter()
    for _ in range(limits.F26_FALLS):
        assert claim() is not None
        clock.shift(limits.P23_LEASE_SECONDS)
    relay.sweep()
    row = Message.objects.get(pk=row.pk)
    assert (row.state, row.secret, row.falls) == (State.DEAD, "", limits.F26_FALLS)
    assert row.reason.startswith("parked")
    assert not mail.outbox


def test_f26_what_was_in_hand_with_a_killer_is_tried_alone_and_arrives(clock: time_machine.Traveller) -> None:
    killer, *others = [letter(to=f"p{number}@glan.example") for number in range(4)]
    assert len(claim_batch()) == 4, "the process ends here with all four in hand"
    clock.shift(limits.P23_LEASE_SECONDS)
    assert [row.pk for row in claim_batch(str(killer.pk))] == [killer.pk], "a killer ends the next process alone"
    assert relay.sweep() == 3
    assert set(Message.objects.filter(state=State.ACCEPTED).values_list("pk", flat=True)) == {row.pk for row in others}
    assert set(Message.objects.values_list("falls", flat=True)) == {1}


def test_f26_an_error_of_our_own_parks_a_message_at_the_fifth_time_and_opens_no_breaker(clock: time_machine.Traveller) -> None:
    Flaky.trouble = RuntimeError("a bug")
    rows = [letter(to=f"p{number}@glan.example") for number in range(limits.BREAKER_FAILURES)]
    for _ in range(limits.F26_FALLS):
        assert relay.sweep() == len(rows)
        clock.shift(limits.P23_RETRY_SECONDS[4])
    assert set(Message.objects.values_list("state", "falls", "secret")) == {(State.DEAD, limits.F26_FALLS - 1, "")}
    Flaky.trouble = None
    letter()
    assert relay.sweep() == 1
    assert len(mail.outbox) == 1


def test_f26_rows_that_cannot_be_written_or_opened_do_not_hold_up_the_others(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = ["a key that is lost, a key that is lost, lost"]
    locked = letter()
    settings.ENCRYPTION_KEYS = ["a key that is here, a key that is here, here"]
    broken = letter()
    Message.objects.filter(pk=broken.pk).update(kind="no-such-kind")
    fine = letter()
    assert relay.sweep() == 3
    states = dict(Message.objects.values_list("pk", "state"))
    assert states == {locked.pk: State.QUEUED, broken.pk: State.QUEUED, fine.pk: State.ACCEPTED}


def test_f17_codes_go_first_and_the_rest_oldest_first(clock: time_machine.Traveller) -> None:
    for queue in (Queue.BULK, Queue.NOTICES, Queue.CODES):
        for number in (1, 2):
            row = letter(to=f"{queue.value}{number}@glan.example")
            Message.objects.filter(pk=row.pk).update(queue=queue)
            clock.shift(1)
    relay.sweep()
    assert [message.to[0].partition("@")[0] for message in mail.outbox] == ["codes1", "codes2", "notices1", "notices2", "bulk1", "bulk2"]


def test_a_sweep_can_be_told_to_stop_after_the_message_in_hand() -> None:
    letter()
    letter()
    assert relay.sweep(stop=lambda: bool(mail.outbox)) == 1
    assert Message.objects.filter(state=State.QUEUED).count() == 1


def test_a_worker_whose_clock_is_behind_sends_a_new_message_at_once(clock: time_machine.Traveller) -> None:
    row = letter()
    clock.shift(-2)
    relay.deliver(str(row.pk))
    assert len(mail.outbox) == 1


def test_a160_a_finished_row_cannot_keep_its_secret() -> None:
    row = letter()
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=row.pk).update(state=State.FAILED)


def test_a35_no_secret_is_logged_or_kept_as_a_reason(caplog: pytest.LogCaptureFixture) -> None:
    Flaky.trouble = RuntimeError("could not send hush-hush to nia@glan.example")
    row = letter()
    relay.sweep()
    assert "hush" not in caplog.text
    assert str(row.pk) in caplog.text
    assert Message.objects.get(pk=row.pk).reason == "RuntimeError"


def test_staff_see_a_message_of_a_kind_that_another_release_wrote(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    row = letter()
    Message.objects.filter(pk=row.pk).update(kind="of_tomorrow")
    page = signed_in(cast.staff).get(reverse("admin:outbox_message_changelist"))
    assert "of_tomorrow" in page.content.decode()


def test_staff_see_where_messages_are_and_never_a_secret(cast: Cast, signed_in: Callable[[Person], Client]) -> None:
    row = letter(context={"path": "/innermost/"})
    browser = signed_in(cast.staff)
    for page in (reverse("admin:outbox_message_changelist"), reverse("admin:outbox_message_change", args=[row.pk])):
        text = browser.get(page).content.decode()
        assert "nia@glan.example" in text
        assert "hush" not in text
        assert "Email: Nia" in text
        assert "innermost" not in text
    assert browser.post(reverse("admin:outbox_message_change", args=[row.pk]), {"state": "accepted"}).status_code == 403
    assert browser.post(reverse("admin:outbox_message_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert browser.get(reverse("admin:outbox_message_add")).status_code == 403
