"""kill -9 of web and worker while messages leave (F01, F02): every committed message arrives, nobody is half made."""

import os
import random
import signal
import time
from pathlib import Path

import pytest

from tests.story.conftest import portal  # noqa: F401  (the running Portal, embedded and with services)
from tests.story.server import Portal

pytestmark = [pytest.mark.services]

KILLS = 6
PATIENCE_SECONDS = 60
_ADDRESSES = [f"eo{number}@ysgol{number}.example" for number in range(KILLS)]


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _kill_and_start_again(running: Portal, index: int) -> None:
    """Kill a server with all its children, as a power cut would, and start it anew."""
    process = running.processes[index]
    family = [*_children(process.pid), process.pid]
    for pid in family:
        os.kill(pid, signal.SIGKILL)
    process.wait()
    running.respawn(index)


def _lease_runs_out(running: Portal) -> None:
    """Let the two minutes of a dead process's claims pass."""
    running.manage(
        "shell", "-v", "0", "-c",
        "from portal.outbox.models import Message; from portal import clock; Message.objects.filter(state='claimed').update(next_try_at=clock.now())",
    )  # fmt: skip


def test_f01_killing_web_or_worker_loses_no_message_and_leaves_nobody_half_made(portal: Portal) -> None:  # noqa: F811
    """A message is written, then the process that sends it dies at a random moment; six times."""
    making = "from permissions.models import Centre; [Centre.objects.create(number=f'6900{n}', name='Ysgol') for n in range(6)]"
    portal.manage("shell", "-v", "0", "-c", making)
    sender = len(portal.processes) - 1  # the worker where there is one, else the web process
    for number, address in enumerate(_ADDRESSES):
        portal.manage("invite_exams_officer", f"6900{number}", "Nia Jones", address)
        time.sleep(random.uniform(0, 0.2))  # noqa: S311
        _kill_and_start_again(portal, sender)
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and {to for to, _message in portal.mail.messages} < set(_ADDRESSES):
        _lease_runs_out(portal)
        portal.wake()
        time.sleep(0.5)
    arrived = [to for to, _message in portal.mail.messages]
    assert set(arrived) == set(_ADDRESSES), portal.logs()
    assert len(arrived) <= len(_ADDRESSES) + KILLS
    ids: dict[str, set[str]] = {}
    for to, message in portal.mail.messages:
        ids.setdefault(to, set()).add(message["Message-ID"])
    assert all(len(same) == 1 for same in ids.values()), "a second sending carries the same Message-ID"
    counting = "from accounts.models import Invitation, User; print('people', User.objects.count(), Invitation.objects.count())"
    assert f"people 1 {KILLS}" in portal.manage("shell", "-v", "0", "-c", counting)
