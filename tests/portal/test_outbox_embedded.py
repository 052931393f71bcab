"""MAIL-2 without a broker: a thread delivers at once, sweeps at its start, survives a fork and finishes what it has in hand."""

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from tests.story.sinks import MailSink

ROOT: Final = Path(__file__).resolve().parents[2]
PREPARE: Final = """
import os, sys, time
import django
django.setup()
from django.db import connections
from portal.outbox import embedded
from portal.outbox.models import Message
from portal.outbox.put import put

CONTEXT = {"changed_at": "2026-11-02T09:00:00+00:00"}

def wait_for(state, **which):
    end = time.monotonic() + 60
    while not Message.objects.filter(state=state, **which).exists():
        assert time.monotonic() < end, list(Message.objects.values_list("recipient", "state", "reason"))
        time.sleep(0.02)
"""
LEAVE_IN_THE_MIDDLE: Final = """
put("password_changed", to="nia@glan.example", language="en", context=CONTEXT)
wait_for("claimed")
"""
START_AND_FORK: Final = """
Message.objects.create(kind="password_changed", recipient="waited@glan.example", language="cy", context=CONTEXT)
embedded.start()
wait_for("accepted", recipient="waited@glan.example")
time.sleep(1)  # let the thread come to rest: a fork copies the locks that another thread holds at that instant
connections.close_all()
child = os.fork()
who = "parent" if child else "child"
put("password_changed", to=f"{who}@glan.example", language="en", context=CONTEXT)
wait_for("accepted", recipient=f"{who}@glan.example")
if not child:
    sys.exit(0)
assert os.waitpid(child, 0)[1] == 0
"""


class Slow(MailSink):
    """A mail server that takes its time."""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the message after a while."""
        await asyncio.sleep(0.7)
        return await super().handle_DATA(server, session, envelope)


@pytest.fixture
def sink() -> Iterator[Slow]:
    server = Slow()
    yield server
    server.stop()


def run(script: str, sink: MailSink, database: Path) -> None:
    environment = {
        "PATH": os.environ["PATH"],
        "PORTAL_ENV": "demo",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}",
    }
    for command in (["manage.py", "migrate", "--verbosity", "0"], ["-c", PREPARE + script]):
        done = subprocess.run(
            [sys.executable, *command], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=90, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr


def rows(database: Path) -> list[tuple[str, str, int]]:
    with sqlite3.connect(database) as connection:
        return sorted(connection.execute("SELECT recipient, state, attempt FROM outbox_message"))


def test_a_process_that_ends_finishes_the_message_in_hand(sink: Slow, tmp_path: Path) -> None:
    database = tmp_path / "portal.sqlite3"
    run(LEAVE_IN_THE_MIDDLE, sink, database)
    assert rows(database) == [("nia@glan.example", "accepted", 1)]
    assert len(sink.messages) == 1


def test_what_waits_is_swept_up_at_the_start_and_a_forked_child_delivers_too(sink: Slow, tmp_path: Path) -> None:
    database = tmp_path / "portal.sqlite3"
    run(START_AND_FORK, sink, database)
    people = ("child@glan.example", "parent@glan.example", "waited@glan.example")
    assert rows(database) == [(person, "accepted", 1) for person in people]
    assert sorted(to for to, _message in sink.messages) == list(people)
