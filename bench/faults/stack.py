"""A Portal in its production shape, whose processes are started anew when they end, as Docker's restart policy does."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg

from bench.faults.servers import free_port
from bench.provider import Provider

ROOT: Final = Path(__file__).resolve().parents[2]
_OVERDUE: Final = "SELECT count(*) FROM outbox_message WHERE state IN ('queued', 'claimed') AND next_try_at < now() - interval '30 seconds'"
_KEY: Final = secrets.token_urlsafe(48)
_LOAD: Final = """
import json, sys, time, django
django.setup()
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from datetime import timedelta
from portal import clock
from portal.outbox.put import put
if settings.BROKER_URL:
    import portal.celery
else:
    from portal.outbox import wake
    wake.wake = lambda pk, queue: None  # the web process delivers, not this one
order = json.loads(sys.argv[1])

class Broken(Exception):
    pass

def one(number):
    kind = order["kind"]
    contexts = {
        "factor_code": {"name": "Nia Jones", "minutes": 10},
        "password_changed": {"name": "Nia Jones", "changed_at": clock.now().isoformat()},
        "invite": {"name": "Nia Jones", "inviter": "Sian Morgan", "centre": "68999 Ysgol", "role": "user",
                   "expires_at": (clock.now() + timedelta(days=60)).isoformat()},
    }
    ends = {"factor_code": clock.now() + timedelta(minutes=10), "invite": clock.now() + timedelta(days=60)}
    to = f"{order['to']}{number}@ysgol.example"
    return str(put(kind, to=to, language="both-cy", context=contexts[kind], secret="123456", expires_at=ends.get(kind)).pk)

kept = []
pause = order["seconds"] / max(1, order["count"])
for number in range(order["count"]):
    began = time.monotonic()
    try:
        with transaction.atomic():
            pk = one(number)
        kept.append(pk)
    except DatabaseError:
        connection.close()
        time.sleep(0.2)
    if number < order["broken"]:
        try:
            with transaction.atomic():
                one(number)
                raise Broken
        except (Broken, DatabaseError):
            connection.close() if connection.errors_occurred else None
    time.sleep(max(0.0, pause - (time.monotonic() - began)))
print(json.dumps(kept))
"""


running: "Final[list[Stack]]" = []
"""Every stack there is, so that none outlives us."""


@dataclass
class Process:
    """One process and how often it was started anew."""

    command: list[str]
    running: subprocess.Popen[bytes]
    wanted: bool = True
    restarts: int = 0


@dataclass
class Stack:
    """Processes of one Portal on one database."""

    name: str
    database: str
    redis: str = ""
    provider: Provider = field(default_factory=Provider)
    processes: dict[str, Process] = field(default_factory=dict)
    folder: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="portal-faults-")))
    port: int = field(default_factory=free_port)
    empty_after: float = 0
    root: Path = ROOT
    """Where its code is."""
    fresh: bool = True
    """Whether its database is to be migrated before anything starts."""

    def __post_init__(self) -> None:
        running.append(self)
        if not self.provider.port:
            self.provider.start()
        self._closing = threading.Event()
        self._lock = threading.RLock()
        if self.fresh:
            self.manage("migrate", "--verbosity", "0")
        threading.Thread(target=self._supervise, daemon=True).start()

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        own = {
            "PORTAL_ENV": "production", "DJANGO_SETTINGS_MODULE": "portal.settings", "SECRET_KEY": _KEY, "ENCRYPTION_KEYS": _KEY,
            "WEBHOOK_SECRET": _KEY, "DATABASE_URL": self.database, "EMAIL_URL": f"smtp://127.0.0.1:{self.provider.port}",
            "SMS_URL": "json://127.0.0.1:9/", "PORTAL_BASE_URL": f"http://127.0.0.1:{self.port}", "ALLOWED_HOSTS": "127.0.0.1",
            "PATH": os.environ["PATH"], "HOME": str(self.folder), "PORTAL_STAFF_PASSWORD": "pebble trumpet orchard 9",
        }  # fmt: skip
        return own | ({"REDIS_URL": self.redis} if self.redis else {})

    def worker(self, name: str = "worker", *more: str) -> None:
        """Start a worker."""
        self.spawn(name, "-m", "celery", "-A", "portal", "worker", "-n", f"{name}@{self.name}", "-l", "warning", *(more or ("-c", "1")))

    def beat(self, name: str = "beat") -> None:
        """Start a beat."""
        self.spawn(name, "-m", "celery", "-A", "portal", "beat", "-l", "warning", "--schedule", str(self.folder / name), "--pidfile=")

    def web(self, log: str = "") -> None:
        """Start a web process; without Redis it is the one that delivers. Its log may go elsewhere than into our folder."""
        if log:
            (self.folder / "web.log").symlink_to(log)
        self.spawn(
            "web", "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}", "--workers", "1", "--threads", "4",
            "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip

    def spawn(self, name: str, *arguments: str) -> None:
        """Start a process of Python's."""
        command = [sys.executable, *arguments]
        with self._lock:
            self.processes[name] = Process(command, self._start(name, command))

    def kill(self, name: str) -> None:
        """End a process with its children by kill -9, as a power cut would; it is started anew."""
        first = self.processes[name].running.pid
        for pid in [*_family(first)]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    def kill_whoever_holds(self, name: str, port: int) -> None:
        """End by kill -9 the one process of a family that holds this port of loopback, as the kernel does with one that eats memory."""
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]:
            columns = line.split()
            if int(columns[1].partition(":")[2], 16) == port:
                for pid in _family(self.processes[name].running.pid):
                    if _holds(pid, columns[9]):
                        os.kill(pid, signal.SIGKILL)

    def signal(self, name: str, number: int) -> float:
        """Send a signal to a process's first process and wait for its end; returns seconds. It is started anew."""
        process, began = self.processes[name].running, time.monotonic()
        process.send_signal(number)
        process.wait(90)
        return time.monotonic() - began

    def end(self, name: str) -> None:
        """End a process for good."""
        with self._lock:
            process = self.processes.pop(name)
        process.running.terminate()
        process.running.wait(90)

    def load(self, count: int, *, kind: str = "password_changed", seconds: float = 0, broken: int = 0, to: str = "p") -> "Load":
        """Begin to write messages from a process of its own, spread over some seconds; the first `broken` are also rolled back once."""
        order = {"count": count, "kind": kind, "seconds": seconds, "broken": broken, "to": to}
        return Load(subprocess.Popen(
            [sys.executable, "-c", _LOAD, json.dumps(order)], cwd=self.root, env=self.environment, stdout=subprocess.PIPE, text=True,
            stderr=(self.folder / "load.log").open("ab"),
        ))  # fmt: skip

    def manage(self, *arguments: str) -> str:
        """Run a management command."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=self.root, env=self.environment, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the database, whichever kind; nothing while it is down."""
        try:
            with psycopg.connect(self.database, connect_timeout=3, autocommit=True) as connection:
                cursor = connection.execute(sql.encode())
                return cursor.fetchall() if cursor.description else []
        except psycopg.Error:
            return [(-1,)]

    def waiting(self) -> int:
        """Return how many messages have not come to an end; -1 while the database does not answer."""
        return int(self.ask("SELECT count(*) FROM outbox_message WHERE state IN ('queued', 'claimed')")[0][0])

    def drained(self, patience: float) -> float:
        """Wait until no message waits; returns the seconds until the oldest due message was under 30 s old for good, or infinity.

        `empty_after` is when nothing waited any more.
        """
        began, recovered = time.monotonic(), 0.0
        self.empty_after = float("inf")
        while time.monotonic() - began < patience:
            if self.ask(_OVERDUE)[0][0] != 0:
                recovered = time.monotonic() - began
            elif self.waiting() == 0:
                self.empty_after = time.monotonic() - began
                return recovered
            time.sleep(0.25)
        return float("inf")

    def close(self) -> None:
        """End everything."""
        self._closing.set()
        with self._lock:
            for name in list(self.processes):
                self.kill(name)
                self.processes[name].running.wait(10)

    def log(self, name: str) -> str:
        """Return what a process said."""
        return (self.folder / f"{name}.log").read_text(errors="replace")

    def logs(self) -> str:
        """Return the last lines of each process."""
        return "\n".join(
            f"--- {path}\n" + path.read_text(errors="replace")[-1500:] for path in sorted(self.folder.glob("*.log")) if path.is_file()
        )

    def _start(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{name}.log").open("ab")
        return subprocess.Popen(command, cwd=self.root, env=self.environment, stdout=log, stderr=subprocess.STDOUT)

    def _supervise(self) -> None:
        while not self._closing.wait(0.2):
            with self._lock:
                for name, process in self.processes.items():
                    if process.running.poll() is not None and not self._closing.is_set():
                        process.running = self._start(name, process.command)
                        process.restarts += 1


@dataclass
class Load:
    """Messages being written."""

    process: "subprocess.Popen[str]"

    def kept(self) -> list[str]:
        """Wait for its end; returns the ids whose transaction was answered as committed."""
        out, _err = self.process.communicate()
        kept: list[str] = json.loads(out or "[]")
        return kept


def _holds(pid: int, inode: str) -> bool:
    with contextlib.suppress(OSError):
        return any(str(entry.readlink()) == f"socket:[{inode}]" for entry in Path(f"/proc/{pid}/fd").iterdir())
    return False


def _family(pid: int) -> list[int]:
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [*(one for child in children for one in _family(child)), pid]
