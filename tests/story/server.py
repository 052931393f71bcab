"""A Portal of its own for the story: real processes, a database of its own, real mail and text gateways."""

import os
import secrets
import shutil
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from tests.story.sinks import MailSink, SmsSink, free_port

ROOT = Path(__file__).resolve().parents[2]
STAFF_EMAIL = "sian.morgan@board.example"
STAFF_PASSWORD = "pebble trumpet orchard 9"


@dataclass
class Portal:
    """A running Portal and what it talks to."""

    folder: Path
    database_url: str
    redis_url: str = ""
    broker_url: str = ""
    mail: MailSink = field(default_factory=MailSink)
    sms: SmsSink = field(default_factory=SmsSink)
    kind: str = "production"
    port: int = 0
    used_steps: dict[str, int] = field(default_factory=dict)
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    commands: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def environment(self) -> dict[str, str]:
        """What its processes see."""
        own = {
            "PORTAL_ENV": self.kind,
            "SECRET_KEY": self._secret("secret"),
            "ENCRYPTION_KEYS": self._secret("encryption"),
            "WEBHOOK_SECRET": self._secret("webhook"),
            "DATABASE_URL": self.database_url,
            "EMAIL_URL": f"smtp://127.0.0.1:{self.mail.port}",
            "SMS_URL": f"json://127.0.0.1:{self.sms.port}/",
            "PORTAL_BASE_URL": self.address,
            "ALLOWED_HOSTS": "127.0.0.1",
            "FILES_DIR": str(self.folder / "files"),
            "PORTAL_STAFF_PASSWORD": STAFF_PASSWORD,
            "PATH": os.environ["PATH"],
            "HOME": os.environ.get("HOME", str(self.folder)),
        }
        brokers = {"REDIS_URL": self.redis_url, "BROKER_URL": self.broker_url}
        return own | {name: url for name, url in brokers.items() if url}

    def start(self) -> None:
        """Make the database, one member of staff, and start the processes."""
        self.port = free_port()
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        if self.kind == "demo":
            self.manage("demo")
        else:
            self.manage("create_staff", STAFF_EMAIL, "Sian", "Morgan")
        self._spawn(
            sys.executable, "-m", "gunicorn", "portal.wsgi", "--bind", f"127.0.0.1:{self.port}",
            "--workers", "1", "--threads", "8", "--log-level", "warning", "--no-control-socket",
        )  # fmt: skip
        if self.redis_url or self.broker_url:
            self._spawn(sys.executable, "-m", "celery", "-A", "portal", "worker", "--concurrency", "1", "-l", "warning")
        self._wait()

    def manage(self, *arguments: str) -> str:
        """Run a management command."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment(), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def stop(self) -> None:
        """Stop everything."""
        for process in self.processes:
            process.terminate()
        for process in self.processes:
            process.wait(20)
        self.mail.stop()
        self.sms.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _spawn(self, *command: str) -> None:
        self.commands.append(command)
        self.processes.append(self._start(command))

    def respawn(self, index: int) -> None:
        """Start a process anew that was killed."""
        self.processes[index] = self._start(self.commands[index])

    def wake(self) -> None:
        """Do what the timetable does every half minute: deliver what is due."""
        self.manage("shell", "-v", "0", "-c", "from portal.outbox.relay import sweep; sweep()")

    def _start(self, command: tuple[str, ...]) -> subprocess.Popen[bytes]:
        log = (self.folder / f"process-{self.commands.index(command)}.log").open("ab")
        return subprocess.Popen(command, cwd=ROOT, env=self.environment(), stdout=log, stderr=subprocess.STDOUT)

    def _wait(self) -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(f"{self.address}/live", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(self.logs())

    def logs(self) -> str:
        """Return what the processes said."""
        return "\n".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))

    def _secret(self, name: str) -> str:
        path = self.folder / name
        if not path.exists():
            path.write_text(secrets.token_urlsafe(48))
        return path.read_text()
