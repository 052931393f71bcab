"""MAIL-2, F01: a yes is on the database's disk before the next letter leaves, though nobody waits for the disk in between."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django import Settings

from portal import limits
from portal.outbox import acceptance, claim, relay
from portal.outbox.models import Message, Queue, State
from tests.portal.letters import letter, write_templates
from tests.story.sinks import MailSink

pytestmark = pytest.mark.services


class Watching(MailSink):
    """A mail server that looks into the database whenever a letter comes, and counts those it holds that are not recorded."""

    def __init__(self) -> None:
        super().__init__()
        self.unrecorded: list[int] = []
        asked = connection.get_connection_params()
        self.where = {name: asked[name] for name in ("dbname", "user", "password", "host", "port") if asked.get(name)}

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Count, then take the letter."""
        with psycopg.connect(**self.where) as looking:
            taken = [to for to, _message in self.messages]
            sql = "SELECT count(*) FROM outbox_message WHERE recipient = ANY(%s) AND NOT (state = 'accepted' AND secret = '')"
            self.unrecorded += [row[0] for row in looking.execute(sql, [taken])]
        return await super().handle_DATA(server, session, envelope)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take any recipient but one."""
        if address.startswith("refused"):
            return "550 5.1.1 nobody"
        envelope.rcpt_tos.append(address)
        return "250 fine"


@pytest.fixture
def server(server_db: None, settings: Settings, tmp_path: Path) -> Iterator[Watching]:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    write_templates(tmp_path, settings)
    sink = Watching()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", sink.port
    yield sink
    sink.stop()


def test_f01_when_a_letter_leaves_every_letter_before_is_recorded_for_all_to_see(server: Watching) -> None:
    for number in range(20):
        letter(to=f"p{number}@glan.example")
    assert relay.sweep() == 20
    assert server.unrecorded == [0] * 20
    assert set(Message.objects.values_list("state", "secret", "reason")) == {(State.ACCEPTED, "", "")}
    assert all(sent is not None for sent in Message.objects.values_list("sent_at", flat=True))


def claimed(count: int) -> list[Message]:
    for number in range(count):
        letter(to=f"p{number}@glan.example")
    return claim.claim_batch()


def test_a_record_of_a_claim_that_was_lost_changes_nothing(server: Watching) -> None:
    first, second = claimed(2)
    Message.objects.filter(pk=first.pk).update(attempt=7)
    records = acceptance.Acceptances()
    records.begin(first, "one")
    records.begin(second, "two")
    records.finish()
    records.finish()
    found = dict(Message.objects.values_list("pk", "state"))
    assert found == {first.pk: State.CLAIMED, second.pk: State.ACCEPTED}
    assert Message.objects.get(pk=second.pk).provider_id == "two"


def test_inside_a_transaction_it_is_part_of_it(server: Watching) -> None:
    (row,) = claimed(1)
    records = acceptance.Acceptances()
    with transaction.atomic():
        records.begin(row, "")
        transaction.set_rollback(True)
    records.finish()
    assert Message.objects.get(pk=row.pk).state == State.CLAIMED


@pytest.fixture
def cut_off(server: Watching, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Let the database end our connection after each yes of the provider; holds whose yes it was."""
    begin, ended = acceptance.Acceptances.begin, []

    def cut(records: acceptance.Acceptances, message: Message, provider_id: str) -> None:
        with psycopg.connect(**server.where) as other:
            other.execute("SELECT pg_terminate_backend(%s, 5000)", [connection.connection.info.backend_pid])
        ended.append(message.recipient)
        begin(records, message, provider_id)

    monkeypatch.setattr(acceptance.Acceptances, "begin", cut)
    return ended


def test_f12_a_yes_outlives_a_connection_that_is_cut_off_and_nothing_is_sent_twice(server: Watching, cut_off: list[str]) -> None:
    for number in range(3):
        letter(to=f"p{number}@glan.example")
    assert relay.sweep() == 3
    assert relay.sweep() == 0
    assert len(cut_off) == len(server.messages) == 3
    assert server.unrecorded == [0] * 3
    assert set(Message.objects.values_list("state", "attempt")) == {(State.ACCEPTED, 1)}


def test_f13_a_database_that_stays_away_stops_the_batch_and_blames_no_message(
    server: Watching, cut_off: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "P23_RECORD_SECONDS", 0)
    for number in range(3):
        letter(to=f"p{number}@glan.example")
    with pytest.raises(DatabaseError):
        relay.sweep()
    connection.close()
    assert len(server.messages) == 1, "no letter leaves while it is not known whether the one before is recorded"
    assert set(Message.objects.values_list("state", "falls", "tries", "reason")) == {(State.CLAIMED, 0, 0, "")}


def test_f14_a_yes_waits_for_a_lock_to_go(server: Watching) -> None:
    (row,) = claimed(1)
    records = acceptance.Acceptances()
    connection.cursor().execute("SET lock_timeout = '50ms'")
    with psycopg.connect(**server.where) as other:
        other.execute("LOCK TABLE outbox_message IN ACCESS EXCLUSIVE MODE")
        records.begin(row, "")
        threading.Timer(0.3, other.rollback).start()
        records.finish()
    assert Message.objects.get(pk=row.pk).state == State.ACCEPTED


def test_a_connection_whose_record_was_not_waited_for_is_not_used_for_anything_else(server: Watching) -> None:
    (row,) = claimed(1)
    records = acceptance.Acceptances()
    records.begin(row, "")
    with pytest.raises(DatabaseError):
        Message.objects.count()
    records.finish()
    assert Message.objects.get(pk=row.pk).state == State.ACCEPTED


def test_a_refusal_behind_a_yes_is_recorded_behind_it(server: Watching) -> None:
    rows = [letter(to=f"{name}@glan.example") for name in ("first", "refused", "odd", "last")]
    Message.objects.filter(pk=rows[2].pk).update(kind="no-such-kind")
    relay.sweep()
    states = dict(Message.objects.values_list("recipient", "state"))
    assert [states[row.recipient] for row in rows] == [State.ACCEPTED, State.FAILED, State.QUEUED, State.ACCEPTED]


def one(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]


@pytest.mark.parametrize("queue", [Queue.CODES, Queue.NOTICES])
def test_the_record_of_a_code_or_notice_is_on_the_disk_before_the_next_letter_leaves(server: Watching, queue: Queue) -> None:
    (row,) = claimed(1)
    row.queue = queue
    before = one("SELECT pg_current_wal_insert_lsn()")
    records = acceptance.Acceptances()
    records.begin(row, "")
    records.finish()
    assert one(f"SELECT pg_current_wal_flush_lsn() > '{before}'")


def test_what_is_lighter_for_an_invite_is_lighter_for_its_record_only(server: Watching) -> None:
    (row,) = claimed(1)
    row.queue = Queue.BULK
    records = acceptance.Acceptances()
    records.begin(row, "")
    records.finish()
    assert Message.objects.get(pk=row.pk).state == State.ACCEPTED
    assert one("SHOW synchronous_commit") == "on"
