"""Faults of Redis and PostgreSQL, watched by somebody who signs in every second; and the same story with no Redis at all."""

import time
from collections.abc import Callable
from typing import Final

from bench.faults.report import Figure
from bench.faults.servers import Cluster, Redis
from bench.faults.stack import Stack
from bench.faults.visitor import Visitor
from bench.faults.worker_faults import LEASE_AND_SWEEP, closing, refused, rolled_back

SIGN_IN_P95: Final = 1.5


def broker(stack: Stack, redis: Redis) -> list[Figure]:
    """F08, F09, F10."""
    stack.worker("worker", "-c", "2")
    stack.beat()
    stack.web()
    visitor = Visitor(stack)
    visitor.prepare()
    figures = []

    def during(fault: str, what: str, seconds: float, begin: Callable[[], None], end: Callable[[], None], allowed: float) -> None:
        figure = Figure(fault, what, recovery_allowed=allowed)
        visitor.seconds.clear()
        visitor.errors.clear()
        visitor.begin()
        load = stack.load(int(seconds) + 20, seconds=seconds + 5)
        time.sleep(3)
        begin()
        time.sleep(seconds)
        end()
        began = time.monotonic()
        visitor.finish()
        kept = load.kept()
        figure.await_end(stack, 200, began)
        p95 = visitor.p95()
        figure.remark = f"{len(visitor.seconds)} sign-ins, p95 {p95:.2f} s, {len(visitor.errors)} errors"
        figure.demand(not visitor.errors, f"errors {visitor.errors[:3]}")
        figure.demand(p95 < SIGN_IN_P95, "signing in was slow")
        figures.append(figure.settle(stack, kept))

    def nothing() -> None:
        """Nothing to undo."""

    def restart() -> None:
        redis.stop()
        redis.start()

    def cut() -> None:
        for _time in range(3):
            redis.cut()
            time.sleep(1)

    during("F08", "Redis down for 60 s", 60, redis.stop, redis.start, 60)
    during("F10 silent", "Redis accepts connections and says nothing for 30 s", 30, lambda: redis.silence(silent=True),
           lambda: redis.silence(silent=False), 60)  # fmt: skip
    during("F10 full", "Redis full (noeviction) for 20 s", 20, lambda: _full(redis, yes=True), lambda: _full(redis, yes=False), 60)
    during("F09 restart", "Redis restarted", 5, restart, nothing, 60)
    during("F09 reset", "every connection reset three times in 3 s", 5, cut, nothing, 60)
    during("flush", "Redis flushed", 5, redis.flush, nothing, 60)
    return figures


def _full(redis: Redis, *, yes: bool) -> None:
    redis.client().config_set("maxmemory", 1 if yes else 0)


def database(stack: Stack, cluster: Cluster) -> list[Figure]:
    """F12, F13."""
    stack.worker("worker", "-c", "2")
    stack.beat()
    stack.web()
    visitor = Visitor(stack)
    visitor.prepare()
    kill = Figure("F12", "PostgreSQL killed by -9 under load and started again", duplicates_allowed=2, recovery_allowed=30)
    load = stack.load(300, seconds=12)
    time.sleep(5)
    cluster.kill()
    cluster.start()
    began = time.monotonic()
    kept = load.kept()
    kill.await_end(stack, 200, began)
    kill.remark = "every message answered as committed was there; what a worker had in hand waits for its lease"
    figures = [kill.settle(stack, kept)]

    down = Figure("F13", "PostgreSQL down for 60 s", duplicates_allowed=2, recovery_allowed=15)
    load = stack.load(100, seconds=80)
    time.sleep(5)
    cluster.stop()
    began = time.monotonic()
    while visitor.status("/ready") != 503 and time.monotonic() - began < 30:
        time.sleep(0.1)
    ready, live = time.monotonic() - began, visitor.status("/live")
    page = visitor.status("/sign-in/")
    time.sleep(60 - ready)
    cluster.start()
    began = time.monotonic()
    kept = load.kept()
    down.await_end(stack, 200, began)
    down.demand(ready < 5 and live == 200, f"ready after {ready:.0f} s, live {live}")
    down.remark = f"/ready 503 after {ready:.1f} s, /live {live}, sign-in page {page}"
    return [*figures, down.settle(stack, kept)]


def embedded(stack: Stack) -> list[Figure]:
    """No Redis: the web process delivers."""
    stack.web()
    figures = [rolled_back(stack), refused(stack), closing(stack)]
    stack.provider.kill = lambda: stack.kill("web")
    for fault, when in (("F01", "after"), ("F02", "before")):
        figure = Figure(fault, f"kill -9 of the web process {when} the provider's yes", int(when == "after"), LEASE_AND_SWEEP)
        load = stack.load(60, seconds=10)
        time.sleep(4)
        stack.provider.mood = f"die {when}"
        while stack.provider.mood != "good":
            time.sleep(0.05)
        began = time.monotonic()
        kept = load.kept()
        figure.await_end(stack, 240, began)
        figures.append(figure.settle(stack, kept))
    for figure in figures:
        figure.fault += " embedded"
    return figures
