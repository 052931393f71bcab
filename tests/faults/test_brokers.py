"""MAIL-2 on a real worker: Redis or, by changing one address, RabbitMQ; ids only; junk is refused; TERM lets the message in hand finish (F05)."""

import os
import signal
import socket
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
from celery import Celery
from kombu import Connection, Queue

from tests.story.conftest import DATABASE, REDIS
from tests.story.server import Portal

pytestmark = [pytest.mark.services]

AMQP = os.environ.get("TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
QUEUES = ("codes", "notices", "bulk")
PATIENCE_SECONDS = 30


@pytest.fixture(params=["redis", "rabbitmq"])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """A Portal with a worker and no beat: whatever arrives was announced."""
    redis_url, broker_url = (f"{REDIS}/11", "") if request.param == "redis" else ("", AMQP)
    if request.param == "rabbitmq":
        parts = urlsplit(AMQP)
        try:
            socket.create_connection((parts.hostname or "", parts.port or 5672), timeout=2).close()
        except OSError:
            pytest.skip("RabbitMQ does not answer (TEST_AMQP_URL)")
    name = f"portal_broker_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{DATABASE}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        running = Portal(tmp_path, f"{DATABASE}/{name}", redis_url=redis_url, broker_url=broker_url)
        _empty(running)
        try:
            running.start()
            yield running
        finally:
            running.stop()
        _empty(running)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _empty(running: Portal) -> None:
    with Connection(running.broker_url or running.redis_url) as connection:
        for name in QUEUES:
            queue = Queue(name)(connection.default_channel)
            queue.declare()
            queue.purge()


def _ask(running: Portal, code: str) -> str:
    return running.manage("shell", "-v", "0", "-c", code).strip()


def _invite(running: Portal, number: int) -> str:
    _ask(
        running, f"from permissions.models import Centre; Centre.objects.get_or_create(number='6900{number}', defaults=dict(name='Ysgol'))"
    )
    address = f"eo{number}@ysgol{number}.example"
    running.manage("invite_exams_officer", f"6900{number}", "Nia Jones", address)
    return address


def test_a_message_is_announced_junk_is_refused_and_term_waits_for_the_message_in_hand(portal: Portal) -> None:
    # A pickle of a stranger, of a kind that would run a command, and a task of an unknown name.
    stranger = Celery("stranger", broker=portal.broker_url or portal.redis_url)
    stranger.conf.task_queues = [Queue(name, routing_key=name) for name in QUEUES]
    stranger.send_task("portal.outbox.tasks.deliver_message", args=(b"cos\nsystem\n(S'true'\ntR.",), queue="bulk", serializer="pickle")
    stranger.send_task("os.system", args=("true",), queue="bulk")
    portal.mail.wait_for(_invite(portal, 0))
    deadline = time.monotonic() + PATIENCE_SECONDS
    health = "from portal.outbox.models import Sign; print(Sign.objects.exclude(name='timetable').count())"
    while _ask(portal, health) != "1":
        assert time.monotonic() < deadline, portal.logs()
        time.sleep(0.5)
    portal.manage("worker_health")

    portal.mail.delay = 8.0  # the command that invites takes its time to end
    address, worker = _invite(portal, 1), portal.processes[-1]
    while portal.mail.begun < 2:
        assert time.monotonic() < deadline + PATIENCE_SECONDS, portal.logs()
        time.sleep(0.05)
    worker.send_signal(signal.SIGTERM)
    worker.wait(PATIENCE_SECONDS)
    assert [to for to, _message in portal.mail.messages].count(address) == 1
    states = "from portal.outbox.models import Message; print(sorted(Message.objects.values_list('state', 'attempt')))"
    assert _ask(portal, states) == "[('accepted', 1), ('accepted', 1)]"
