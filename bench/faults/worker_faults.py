"""Faults of workers, beat and the provider, on real PostgreSQL and Redis."""

import signal
import subprocess
import sys
import time
from typing import Final

from bench.faults.report import Figure
from bench.faults.stack import ROOT, Stack
from portal import limits

LEASE_AND_SWEEP: Final = 150
_LEASES_END: Final = "UPDATE outbox_message SET next_try_at = now() WHERE state = 'claimed'"


def workers(stack: Stack) -> list[Figure]:
    """Run what ends no process by force."""
    stack.worker()
    stack.beat()
    return [rolled_back(stack), refused(stack), term(stack), pool(stack), beats(stack)]


def provider(stack: Stack) -> list[Figure]:
    """Run what the provider does wrong."""
    stack.worker()
    stack.beat()
    return [closing(stack), hanging(stack), dropping(stack), slow(stack)]


def rolled_back(stack: Stack) -> Figure:
    """F04."""
    figure = Figure("F04", "exception after the enqueue call, 200 times among 1,000 messages", recovery_allowed=60)
    kept = stack.load(1000, broken=200, kind="invite").kept()
    figure.await_end(stack, 120)
    return figure.settle(stack, kept)


def refused(stack: Stack) -> Figure:
    """F16."""
    figure = Figure("F16", "SMTP 550 for 20 of 40 recipients", recovery_allowed=30)
    stack.provider.refuses = "nobody"
    kept = [*stack.load(20, to="nobody").kept(), *stack.load(20).kept()]
    figure.await_end(stack, 60)
    stack.provider.refuses = ""
    found = stack.ask("SELECT DISTINCT state, attempt, tries FROM outbox_message WHERE recipient LIKE 'nobody%'")
    figure.demand(found == [("failed", 1, 0)], f"refused rows are {found}")
    figure.remark = "one attempt each, state failed"
    return figure.settle(stack, kept, finished=("accepted", "failed"))


def term(stack: Stack) -> Figure:
    """F05."""
    figure = Figure("F05", "TERM to the worker in mid-send", recovery_allowed=60)
    stack.provider.mood, stack.provider.seconds = "slow", 3
    before = stack.provider.asked
    load = stack.load(6)
    while stack.provider.asked == before:
        time.sleep(0.05)
    took = stack.signal("worker", signal.SIGTERM)
    stack.provider.mood = "good"
    kept = load.kept()
    figure.await_end(stack, 90)
    figure.remark = f"ended after {took:.0f} s"
    figure.demand(took <= 30, "the worker did not end within 30 s")
    return figure.settle(stack, kept)


def quit_after_term(stack: Stack) -> list[Figure]:
    """F06."""
    stack.worker()
    stack.beat()
    figure = Figure("F06", "TERM then QUIT to the worker in mid-send", duplicates_allowed=1, recovery_allowed=LEASE_AND_SWEEP)
    stack.provider.mood, stack.provider.seconds = "slow", 3
    load = stack.load(20)
    while not stack.provider.asked:
        time.sleep(0.05)
    stack.processes["worker"].running.send_signal(signal.SIGTERM)
    time.sleep(0.5)
    stack.signal("worker", signal.SIGQUIT)
    stack.provider.mood = "good"
    kept = load.kept()
    figure.await_end(stack, 200)
    return [figure.settle(stack, kept)]


def pool(stack: Stack) -> Figure:
    """Let the pool grow from one process to four and shrink again under load."""
    figure = Figure("pool 1-4-1", "pool of the worker grows to four processes and shrinks to one under load", recovery_allowed=60)
    load = stack.load(300, seconds=20)
    for order in ("pool_grow", "pool_shrink"):
        time.sleep(5)
        command = [sys.executable, "-m", "celery", "-A", "portal", "control", order, "3"]
        subprocess.run(command, cwd=ROOT, env=stack.environment, check=True, stdout=subprocess.DEVNULL)
    kept = load.kept()
    figure.await_end(stack, 90)
    return figure.settle(stack, kept)


def beats(stack: Stack) -> Figure:
    """F25."""
    figure = Figure("F25", "two beats for 40 s, then none for 40 s", recovery_allowed=60)
    stack.beat("beat-2")
    kept = stack.load(80, seconds=40).kept()
    stack.end("beat")
    stack.end("beat-2")
    kept += stack.load(80, seconds=40).kept()
    stack.beat()
    figure.await_end(stack, 90)
    return figure.settle(stack, kept)


def closing(stack: Stack) -> Figure:
    """Answer 421 to everything for a while."""
    figure = Figure("SMTP 421", "the mail server answers 421 for 20 s", recovery_allowed=LEASE_AND_SWEEP)
    return _moody(stack, figure, "421", 20)


def hanging(stack: Stack) -> Figure:
    """F17, its first half."""
    figure = Figure("F17 hang", "the provider takes messages and does not answer, 20 s", recovery_allowed=LEASE_AND_SWEEP)
    return _moody(stack, figure, "hang", 20)


def dropping(stack: Stack) -> Figure:
    """F18."""
    figure = Figure("F18", "the provider accepts, then drops before the answer, for 5 of 12", 5, LEASE_AND_SWEEP)
    stack.provider.mood = "drop"
    kept = stack.load(12).kept()
    while len(stack.provider.dropped) < limits.BREAKER_FAILURES:
        time.sleep(0.1)
    stack.provider.mood = "good"
    figure.await_end(stack, 200)
    figure.remark = "a second sending carries the same Message-ID"
    return figure.settle(stack, kept)


def slow(stack: Stack) -> Figure:
    """F17, its second half."""
    figure = Figure("F17 slow", "the provider takes 5 s for each message while 1,000 invites wait; a code every 4 s")
    stack.worker("codes", "-Q", "codes", "-c", "2")
    stack.provider.mood, stack.provider.seconds = "slow", 5
    invites = stack.load(1000, kind="invite").kept()
    codes = stack.load(12, kind="factor_code", seconds=48, to="code").kept()
    for _try in range(90):
        if not stack.ask("SELECT 1 FROM outbox_message WHERE queue = 'codes' AND state IN ('queued', 'claimed')"):
            break
        time.sleep(1)
    stack.provider.mood = "good"
    left = stack.waiting()
    found = stack.ask("SELECT extract(epoch FROM sent_at - created_at) FROM outbox_message WHERE recipient LIKE 'code%' ORDER BY 1")
    p95 = float(found[int(len(found) * 0.95)][0])
    stack.drained(150)
    figure.remark = f"95 of 100 codes within {p95:.0f} s while {left} invites waited"
    figure.demand(p95 < 30, "a code waited too long")
    figure.demand(left > 0, "no invite waited")
    return figure.settle(stack, [*invites, *codes])


def killed(stack: Stack, when: str) -> list[Figure]:
    """F01, F02: kill -9 of the worker with all its processes, at the worst moment before or after the provider's yes."""
    after = when == "after"
    figure = Figure(
        "F01" if after else "F02",
        "kill -9 of the worker after the provider's yes, before the record" if after else "kill -9 of the worker before sending",
        duplicates_allowed=int(after), recovery_allowed=LEASE_AND_SWEEP,
    )  # fmt: skip
    stack.worker()
    stack.beat()
    stack.provider.kill = lambda: stack.kill("worker")
    return [killed_at_the_worst(stack, figure, when, count=120, seconds=12)]


def killed_at_the_worst(stack: Stack, figure: Figure, when: str, *, count: int, seconds: float) -> Figure:
    """Let the provider end who sends to it, and count from then."""
    load = stack.load(count, seconds=seconds)
    time.sleep(seconds / 2)
    stack.provider.mood = f"die {when}"
    while stack.provider.mood != "good":
        time.sleep(0.05)
    began = time.monotonic()
    kept = load.kept()
    figure.await_end(stack, 240, began)
    return figure.settle(stack, kept)


def poison(stack: Stack) -> list[Figure]:
    """F26. The leases of the dead are ended by hand, or this would take a quarter of an hour; the same is true of the pauses."""
    # Its first fall may be in a batch, behind a letter whose yes is not recorded; after that it is alone.
    figure = Figure("F26", "one message ends each process that sends it, one always raises, among 100 others", duplicates_allowed=1)
    stack.worker()
    stack.beat()
    stack.provider.deadly = "killer"
    stack.provider.kill = lambda: stack.kill("worker")
    raising = stack.load(1, to="raiser").kept()
    stack.ask("UPDATE outbox_message SET kind = 'no_such_kind', state = 'queued', next_try_at = now() WHERE recipient LIKE 'raiser%'")
    killer = stack.load(1, to="killer").kept()
    others = stack.load(100, seconds=30).kept()
    began = time.monotonic()
    while stack.waiting() and time.monotonic() - began < 300:
        stack.ask(_LEASES_END)
        stack.ask("UPDATE outbox_message SET next_try_at = now() WHERE state = 'queued' AND falls > 0")
        time.sleep(2)
    restarts = stack.processes["worker"].restarts
    found = stack.ask("SELECT state, falls FROM outbox_message WHERE recipient LIKE 'killer%'")
    figure.remark = f"parked after {found[0][1]} falls and {restarts} restarts"
    figure.demand(found[0][0] == "dead" and restarts <= 5, f"killer is {found}")
    return [figure.settle(stack, [*killer, *raising, *others], finished=("accepted", "dead"))]


def poisoned_pool(stack: Stack) -> list[Figure]:
    """F26 in the shape of `docker-compose.yml`, two processes in the pool: how long the others wait. Leases of the dead end after 10 s here."""
    figure = Figure(
        "F26 pool", "one message ends each process of the pool that sends it, among 600 others in a minute", duplicates_allowed=5
    )
    stack.worker("worker", "-c", "2")
    stack.beat()
    stack.load(20, to="first").kept()
    stack.drained(60)
    quiet = stack.load(300, seconds=30, to="quiet").kept()
    stack.provider.deadly = "killer"
    stack.provider.kill = lambda: stack.kill_whoever_holds("worker", stack.provider.peer)
    load = stack.load(600, seconds=60, to="other")
    killer = stack.load(1, to="killer").kept()
    for _lease in range(6):
        time.sleep(10)
        stack.ask(_LEASES_END)
    others = load.kept()
    figure.await_end(stack, 200)
    found = stack.ask("SELECT state, falls FROM outbox_message WHERE recipient LIKE 'killer%'")
    before, meanwhile = (_waited(stack, to) for to in ("quiet", "other"))
    figure.remark = f"parked after {found[0][1]} falls; 95 of 100 others left within {meanwhile:.2f} s, {before:.2f} s before"
    figure.demand(found[0][0] == "dead" and found[0][1] <= limits.F26_FALLS, f"killer is {found}")
    # Beneath a tenth of a second it is the machine that is measured.
    figure.demand(meanwhile <= 2 * max(before, 0.1), "the others waited more than twice as long")
    figure.demand(stack.processes["worker"].restarts == 0, "the worker itself ended")
    return [figure.settle(stack, [*quiet, *killer, *others], finished=("accepted", "dead"))]


def _waited(stack: Stack, to: str) -> float:
    """Return the seconds from writing to acceptance that 95 of 100 messages took at most."""
    waited = "percentile_cont(0.95) WITHIN GROUP (ORDER BY extract(epoch FROM sent_at - created_at))"
    return float(stack.ask(f"SELECT {waited} FROM outbox_message WHERE recipient LIKE '{to}%'")[0][0])  # noqa: S608  our own names


def ten_thousand(stack: Stack, count: int) -> list[Figure]:
    """Send invites under load while a worker is killed every five seconds."""
    figure = Figure("10,000", f"{count} invites; one of three workers killed every 5 s")
    names = ("worker-1", "worker-2", "worker-3")
    for name in names:
        stack.worker(name)
    stack.beat()
    load = stack.load(count, kind="invite")
    kills, began = 0, time.monotonic()
    while len(set(stack.provider.keys())) < count * 0.97 and time.monotonic() - began < 400:
        time.sleep(5)
        stack.kill(names[kills % len(names)])
        kills += 1
    ended = time.monotonic()
    kept = load.kept()
    figure.await_end(stack, 300, ended)
    figure.duplicates_allowed = kills
    reached = len({to for _at, _key, to in stack.provider.accepted})
    figure.remark = f"{reached} people reached, {kills} kills, {count / (ended - began):.0f} messages a second meanwhile"
    figure.demand(reached == count and len(kept) == count, "somebody was not reached")
    return [figure.settle(stack, kept)]


def _moody(stack: Stack, figure: Figure, mood: str, seconds: float) -> Figure:
    """Let the provider fail for a while under load, then count from its return."""
    stack.provider.mood = mood
    load = stack.load(40, seconds=seconds)
    time.sleep(seconds)
    stack.provider.mood = "good"
    began = time.monotonic()
    kept = load.kept()
    figure.await_end(stack, 240, began)
    return figure.settle(stack, kept)
