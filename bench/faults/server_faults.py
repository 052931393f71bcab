"""Faults of Redis and PostgreSQL, watched by somebody who signs in every second; and the same story with no Redis at all."""

import time
from collections.abc import Callable
from typing import Final

from bench.faults.report import Figure
from bench.faults.servers import Cluster, Redis
from bench.faults.stack import Stack
from bench.faults.visitor import Visitor
from bench.faults.watching import demand_quick_sign_in, watched
from bench.faults.worker_faults import LEASE_AND_SWEEP, closing, killed_at_the_worst, refused, rolled_back
from portal import limits

SIGN_IN_P95: Final = 1.5
ALARM_SECONDS: Final = 60
Deed = Callable[[], object]


def broker(stack: Stack, redis: Redis) -> list[Figure]:
    """F08, F09, F10, and a Redis that lost everything."""
    stack.worker("worker", "-c", "2")
    stack.beat()
    stack.web()
    visitor = Visitor(stack)
    visitor.prepare()

    def during(figure: Figure, seconds: float, begin: Deed, end: Deed = lambda: None, meanwhile: Deed = lambda: None) -> Figure:
        watched(stack, figure, [visitor], seconds, begin, end, meanwhile)
        demand_quick_sign_in(figure, visitor, SIGN_IN_P95)
        return figure

    def restart() -> None:
        redis.stop()
        redis.start()

    def cut() -> None:
        for _time in range(3):
            redis.cut()
            time.sleep(1)

    silent = Figure("F10 silent", "Redis accepts connections and says nothing for 65 s", recovery_allowed=60)
    full = Figure("F10 full", "Redis full (noeviction) for 65 s", recovery_allowed=60)
    return [
        during(Figure("F08", "Redis down for 60 s", recovery_allowed=60), 60, redis.stop, redis.start),
        during(silent, 65, lambda: redis.silence(silent=True), lambda: redis.silence(silent=False), lambda: _demand_alarm(stack, silent)),
        during(full, 65, lambda: _full(redis, yes=True), lambda: _full(redis, yes=False), lambda: _demand_alarm(stack, full)),
        during(Figure("F09 restart", "Redis restarted", recovery_allowed=60), 5, restart),
        during(Figure("F09 reset", "every connection reset three times in 3 s", recovery_allowed=60), 5, cut),
        during(Figure("flush", "Redis flushed", recovery_allowed=60), 5, redis.flush),
    ]


def _demand_alarm(stack: Stack, figure: Figure) -> None:
    """Wait until the timetable's sign of life is a minute old: what `/metrics` tells and `worker_health --timetable` fails by (F10)."""
    began = time.monotonic()
    age = "SELECT coalesce(max(extract(epoch FROM now() - at)), 0) FROM outbox_sign WHERE name = 'timetable'"
    while stack.ask(age)[0][0] <= limits.CANARY_LATE_SECONDS and time.monotonic() - began < ALARM_SECONDS + 4:
        time.sleep(0.5)
    took = time.monotonic() - began
    figure.add(f"alarm after {took:.0f} s")
    figure.demand(took <= ALARM_SECONDS + 1, "the alarm came late")


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
        figures.append(killed_at_the_worst(stack, figure, when, count=60, seconds=10))
    for figure in figures:
        figure.fault += " embedded"
    return figures
