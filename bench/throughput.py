"""How fast the outbox empties, as a part of what a bare loop could do (issue: messages, throughput).

    python -m bench.throughput postgres://postgres@127.0.0.1:5432/postgres [--redis redis://127.0.0.1:6379/15] [--plain | --real]

All send 3,000 messages of the same bytes to the same local provider, which runs in a process of its own: first a bare smtplib loop on one
connection with a ready-made message, then the outbox (claim, letters in two languages, send, record each) from invites that wait in a
database made beside the one named: in one process, in two, and with `--redis` in a Celery worker as docker-compose.yml starts it, from the
relay's calls to the last acceptance. Rounds of a thousand take turns, so that whatever else the machine does hits all. Target: at least 0.6,
aim 0.8. `--sqlite` measures the embedded way. With `--plain` the provider offers no PIPELINING, so that the outbox waits for it as often as the
bare loop does; `--real` puts aiosmtpd in its place.
"""

import os
import secrets
import smtplib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
MESSAGES: Final = int(os.environ.get("THROUGHPUT_MESSAGES", "3000"))
ROUNDS: Final = 3
POOL: Final = 2
"""As docker-compose.yml starts a worker."""
DATABASE: Final = "portal_bench_throughput"


class Sink:
    """The provider in its own process."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.real_server" if "--real" in sys.argv else "bench.provider", *sys.argv[1:]],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout
        self.port = int(self._process.stdout.readline())

    def count(self) -> int:
        """Return how many different keys it accepted."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write("count\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait(10)


def fill(count: int) -> None:
    """Write invites as the invite flow does."""
    from django.db import transaction

    from portal.outbox.put import put

    with transaction.atomic():
        for number in range(count):
            put(
                "invite", to=f"nia.{secrets.token_hex(4)}@ysgol{number}.example", language="both-cy", secret="abcd-efgh-jkmn-pqrs",  # noqa: S106
                context={"name": "Nia Jones", "inviter": "Siân Morgan", "centre": "68999 Ysgol Enghraifft", "role": "user",
                         "expires_at": "2027-01-25T09:00:00+00:00"},
            )  # fmt: skip


def outbox() -> float:
    """Empty the outbox; returns seconds."""
    from portal.outbox import relay

    began = time.perf_counter()
    while relay.sweep():
        pass
    return time.perf_counter() - began


class Pool:
    """Processes that empty the outbox together, as those of one worker do."""

    def __init__(self, size: int) -> None:
        self._processes = [
            subprocess.Popen(
                [sys.executable, "-m", "bench.throughput", "--drain"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            for _number in range(size)
        ]
        self._each("ready")

    def drain(self) -> float:
        """Empty the outbox; returns seconds."""
        began = time.perf_counter()
        for process in self._processes:
            assert process.stdin
            process.stdin.write("go\n")
            process.stdin.flush()
        self._each("done")
        return time.perf_counter() - began

    def stop(self) -> None:
        """End them."""
        for process in self._processes:
            assert process.stdin
            process.stdin.close()
            process.wait(10)

    def _each(self, word: str) -> None:
        for process in self._processes:
            assert process.stdout
            assert process.stdout.readline().strip() == word


class Worker:
    """A Celery worker with two processes."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "celery", "--app=portal", "worker", "--loglevel=error", f"--concurrency={POOL}"]
        self._process = subprocess.Popen(
            [*command, "--without-gossip", "--without-mingle"], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )

    def drain(self, sink: Sink, until: int) -> float:
        """Hand everything out and wait until the provider has it; returns seconds."""
        import portal.celery  # noqa: F401  else calls go nowhere
        from portal import limits
        from portal.outbox import hand_out

        began = time.perf_counter()
        swept = 0.0
        while sink.count() < until:
            if time.monotonic() - swept > limits.P23_SWEEP_SECONDS:
                hand_out.hand_out()
                swept = time.monotonic()
            time.sleep(0.01)
        return time.perf_counter() - began

    def stop(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.wait(30)


def serve_pool() -> None:
    """Be one of these processes."""
    import django

    django.setup()
    outbox()
    print("ready", flush=True)
    for _line in sys.stdin:
        outbox()
        print("done", flush=True)


def bare(port: int, letter: bytes, count: int) -> float:
    """Send a ready-made message in a loop; returns seconds."""
    began = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as line:
        for _number in range(count):
            line.sendmail("portal-no-reply@wjec.co.uk", ["nia@ysgol.example"], letter)
    return time.perf_counter() - began


def ready_made() -> bytes:
    """Return the bytes of one such invite."""
    from portal.outbox import envelope, render
    from portal.outbox.models import Message

    row = Message.objects.order_by("created_at").first()
    assert row
    letter: Any = envelope.compose(row, render.render(row)).message()
    whole: bytes = letter.as_bytes(linesep="\r\n")
    return whole


def main() -> None:
    """Measure and print."""
    if "--drain" in sys.argv:
        serve_pool()
        return
    sink = Sink()
    os.environ |= {"PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": "portal.settings", "EMAIL_URL": f"smtp://127.0.0.1:{sink.port}"}
    if "--sqlite" in sys.argv:
        os.environ["DATABASE_URL"] = f"sqlite:///{tempfile.mkdtemp()}/portal.sqlite3"
        measure(sink)
        return
    import psycopg

    if "--redis" in sys.argv:
        os.environ["REDIS_URL"] = sys.argv[sys.argv.index("--redis") + 1]
    server = sys.argv[1].rpartition("/")[0]
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
        os.environ["DATABASE_URL"] = f"{server}/{DATABASE}"
        try:
            measure(sink)
        finally:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")


def measure(sink: Sink) -> None:
    """Take turns, then print both rates and their ratio."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    fill(20)
    letter = ready_made()
    outbox()  # warm: templates are compiled, connections open
    bare(sink.port, letter, 20)
    pool, worker = Pool(POOL), Worker() if os.environ.get("REDIS_URL") else None
    if worker:
        fill(20)
        worker.drain(sink, sink.count() + 20)  # warm
    each, before = MESSAGES // ROUNDS, sink.count()
    took = dict.fromkeys(
        ("bare loop on one connection", "outbox, one process", f"outbox, {POOL} processes", "outbox, a Celery worker"), 0.0
    )
    loop, alone, together, celery = took
    for _round in range(ROUNDS):
        took[loop] += bare(sink.port, letter, each)
        fill(each)
        took[alone] += outbox()
        fill(each)
        took[together] += pool.drain()
        if worker:
            fill(each)
            took[celery] += worker.drain(sink, sink.count() + each)
    arrived, sent = sink.count() - before, each * ROUNDS
    pool.stop()
    if worker:
        worker.stop()
    sink.stop()
    assert arrived == (3 if worker else 2) * sent, f"{arrived} arrived"
    kind = "aiosmtpd" if "--real" in sys.argv else "without PIPELINING" if "--plain" in sys.argv else "with PIPELINING"
    print(f"provider {kind}, {len(letter)} bytes each, load {os.getloadavg()[0]:.1f}")
    for name, seconds in took.items():
        if seconds:
            print(f"{name} {sent / seconds:.0f}/s: ratio {took[loop] / seconds:.2f}")


if __name__ == "__main__":
    main()
