"""PostgreSQL and Redis of our own, on free ports and in a folder of their own, to be killed without harm to anybody else."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import psycopg
import redis

_PATIENCE: Final = 30


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _program(name: str) -> str:
    """Return the path of a program; Debian keeps PostgreSQL's off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    return str(found[-1]) if found else shutil.which(name) or name


class Cluster:
    """A PostgreSQL with fsync on. Root may not run one: then the user postgres does.

    `megabytes` gives it a disk of its own of that size. It may be the `standby_of` another, or keep an `archive` of what it writes in its
    folder, where backups go too.
    """

    def __init__(self, *, connections: int = 200, megabytes: int = 0, standby_of: "Cluster | None" = None, archive: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="portal-faults-"))
        self._connections, self._own_disk, self._archive = connections, bool(megabytes), archive
        if megabytes:
            subprocess.run([_program("mount"), "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(self.folder)], check=True)
        self.port = free_port()
        self._as = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if self._as:
            shutil.chown(self.folder, "postgres", "postgres")
        if standby_of:
            from_there = ("-h", "127.0.0.1", "-p", str(standby_of.port), "-U", "postgres")
            self._run("pg_basebackup", *from_there, "-D", str(self.data), "-R", "-c", "fast", "--no-sync")
        else:
            self._run("initdb", "--pgdata", str(self.data), "--auth", "trust", "--username", "postgres", "--no-sync")
        if archive:
            self.script("mkdir", "-p", str(self.backups / "archive"))
        self.start()

    @property
    def data(self) -> Path:
        """Where it keeps its files."""
        return self.folder / "data"

    @property
    def backups(self) -> Path:
        """Where its backups and its archive are."""
        return self.folder / "backups"

    def url(self, name: str) -> str:
        """Return a DATABASE_URL."""
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def start(self) -> None:
        """Start it, as a supervisor would after a crash, and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c max_connections={self._connections}"
        )
        if self._archive:
            there = f"{self.backups}/archive/%f"
            options += f" -c archive_mode=on -c archive_command='cp %p {there}.part && sync {there}.part && mv {there}.part {there}'"
        for _try in range(_PATIENCE):
            # What was killed a moment ago may still be going: then PostgreSQL refuses to start beside it.
            with contextlib.suppress(subprocess.CalledProcessError):
                self._run(
                    "pg_ctl", "start", "-D", str(self.data), "-w", "-t", str(_PATIENCE), "-o", options, "-l", str(self.folder / "log")
                )
                return
            time.sleep(1)
        raise SystemExit("PostgreSQL did not start")

    def promote(self) -> None:
        """Make a standby the primary."""
        self._run("pg_ctl", "promote", "-D", str(self.data), "-w")

    def script(self, *command: str) -> str:
        """Run a command beside it, as its user and with its programs, who finds it in the environment; returns what it said."""
        path = f"{Path(_program('pg_ctl')).parent}:{os.environ['PATH']}"
        there = {"PATH": path, "PGHOST": "127.0.0.1", "PGPORT": str(self.port), "PGUSER": "postgres"}
        environment = [f"{name}={value}" for name, value in there.items()]
        done = subprocess.run([*self._as, "env", *environment, *command], cwd=self.folder, check=False, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        return done.stdout.strip()

    def stop(self) -> None:
        """Stop it at once; clients are cut off."""
        self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "fast", "-w")

    def kill(self) -> None:
        """End it and all its servers by kill -9."""
        first = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{first}/task/{first}/children").read_text().split()
        for pid in (first, *map(int, children)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)

    @contextlib.contextmanager
    def crowd(self, name: str) -> Iterator[None]:
        """Take every connection there is, those of a database's users too."""
        mine: list[psycopg.Connection[Any]] = []

        def take_all() -> None:
            with contextlib.suppress(psycopg.OperationalError):
                while True:
                    mine.append(psycopg.connect(self.url("postgres"), autocommit=True))

        take_all()
        for _time in range(3):
            mine[0].execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
            take_all()
        try:
            yield
        finally:
            for connection in mine:
                connection.close()

    def fill(self) -> None:
        """Leave no space on its disk."""
        with (self.folder / "filler").open("wb", buffering=0) as filler, contextlib.suppress(OSError):
            while True:
                filler.write(bytes(65536))

    def empty(self) -> None:
        """Give it space again."""
        (self.folder / "filler").unlink()

    def start_again(self) -> None:
        """Start it if it ended, as a supervisor would: without space for its journal PostgreSQL stops rather than lose anything."""
        if subprocess.run(
            [*self._as, _program("pg_ctl"), "status", "-D", str(self.data)], cwd=self.folder, capture_output=True, check=False
        ).returncode:
            self.start()

    def check(self, name: str) -> str:
        """Return what is wrong with the tables and indexes of a database; "" for nothing."""
        command = [
            *self._as,
            _program("pg_amcheck"),
            "--host=127.0.0.1",
            f"--port={self.port}",
            "--username=postgres",
            "--install-missing",
            name,
        ]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr)[:300] if done.returncode else ""

    def create(self, name: str) -> str:
        """Make a database; returns its URL."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def close(self) -> None:
        """Stop it and remove its files."""
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "stop", "-D", str(self.data), "-m", "immediate", "-w")
        if self._own_disk:
            subprocess.run([_program("umount"), "--lazy", str(self.folder)], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [*self._as, _program(program), *arguments], cwd=self.folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )


class Redis:
    """A Redis that keeps nothing."""

    def __init__(self) -> None:
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    @property
    def url(self) -> str:
        """Return a REDIS_URL."""
        return f"redis://127.0.0.1:{self.port}/0"

    def client(self) -> "redis.Redis":
        """Return a connection."""
        return redis.Redis(port=self.port, socket_timeout=5)

    def start(self) -> None:
        """Start it and wait until it answers."""
        program = shutil.which("redis-server") or "redis-server"
        keeps_nothing = ["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self._process = subprocess.Popen([program, "--port", str(self.port), *keeps_nothing], stdout=subprocess.DEVNULL)
        for _try in range(_PATIENCE * 10):
            with contextlib.suppress(redis.RedisError):
                self.client().ping()
                return
            time.sleep(0.1)
        raise SystemExit("redis-server did not start")

    def stop(self, number: int = signal.SIGKILL) -> None:
        """End it; everything in it is lost."""
        assert self._process
        self._process.send_signal(number)
        self._process.wait(_PATIENCE)

    def silence(self, *, silent: bool) -> None:
        """Let it accept connections and say nothing, or speak again."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP if silent else signal.SIGCONT)

    def flush(self) -> None:
        """Throw everything away."""
        self.client().flushall()

    def cut(self) -> None:
        """Reset every connection."""
        self.client().execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")  # type: ignore[no-untyped-call]
