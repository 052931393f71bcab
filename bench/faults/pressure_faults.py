"""Faults of a machine under pressure: no connection to PostgreSQL left, the outbox locked, disks full (F14, F21)."""

import contextlib
import time
from typing import Final

import psycopg

from bench.faults.report import Figure
from bench.faults.servers import Cluster
from bench.faults.stack import Stack
from bench.faults.visitor import Visitor
from bench.faults.watching import demand_quick_refusal, demand_quick_sign_in, watched

_PATIENCE: Final = 5.5
"""F14 allows a wait of five seconds; the rest is the request's own work."""
_SIGN_IN_P95: Final = 1.5
_RECOVERY: Final = 60


def pressure(stack: Stack, cluster: Cluster) -> list[Figure]:
    """F14, and the half of F21 that is about logs."""
    stack.worker("worker", "-c", "2")
    stack.beat()
    stack.web("/dev/full")
    by_mail, by_app = Visitor(stack), Visitor(stack, "app")
    by_mail.prepare()
    by_app.prepare()
    return [log_full(stack, by_mail), locked(stack, by_mail, by_app), crowded(stack, cluster, by_mail)]


def log_full(stack: Stack, visitor: Visitor) -> Figure:
    """F21, the disk of the logs: what the web process says goes to a device on which there is never any space left."""
    figure = Figure("F21 log", "the disk of the web process's log is full, 20 s", recovery_allowed=_RECOVERY)
    watched(stack, figure, [visitor], 20, lambda: visitor.status("/no-such-page/"))
    demand_quick_sign_in(figure, visitor, _SIGN_IN_P95)
    return figure


def locked(stack: Stack, by_mail: Visitor, by_app: Visitor) -> Figure:
    """F14, a lock on the outbox: who needs a code waits for a moment and is told; who has an app notices nothing."""
    figure = Figure("F14 lock", "the whole outbox is locked for 30 s", recovery_allowed=_RECOVERY)
    holding = contextlib.ExitStack()

    def lock() -> None:
        connection = holding.enter_context(psycopg.connect(stack.database))
        connection.execute("LOCK TABLE outbox_message IN ACCESS EXCLUSIVE MODE")

    watched(stack, figure, [by_mail, by_app], 30, lock, holding.close)
    demand_quick_sign_in(figure, by_app, _SIGN_IN_P95)
    figure.add("with an app; with a mailed code")
    demand_quick_refusal(figure, by_mail, _PATIENCE)
    return figure


def crowded(stack: Stack, cluster: Cluster, visitor: Visitor) -> Figure:
    """F14, connections: every one that PostgreSQL has is in other hands."""
    figure = Figure("F14 connections", "all connections of PostgreSQL are in use for 20 s", 2, _RECOVERY)
    holding = contextlib.ExitStack()
    watched(stack, figure, [visitor], 20, lambda: holding.enter_context(cluster.crowd(stack.name)), holding.close)
    demand_quick_refusal(figure, visitor, _PATIENCE)
    figure.demand(visitor.status("/ready") == 200, "not ready afterwards")
    return figure


def disk_full(stack: Stack, cluster: Cluster) -> list[Figure]:
    """F21, the disk of the database."""
    stack.worker("worker", "-c", "1")
    stack.beat()
    stack.web()
    visitor = Visitor(stack)
    visitor.prepare()
    figure = Figure("F21 database", "the disk of the database is full for 30 s", 2, _RECOVERY)

    def fill() -> None:
        cluster.fill()
        began, refused = time.monotonic(), len(visitor.errors)
        while len(visitor.errors) == refused and time.monotonic() - began < 30:
            time.sleep(0.2)
        figure.add(f"refused from {time.monotonic() - began:.0f} s on")

    def mend() -> None:
        cluster.empty()
        cluster.start_again()

    watched(stack, figure, [visitor], 30, fill, mend)
    demand_quick_refusal(figure, visitor, _PATIENCE)
    alarms = stack.log("web").count('"level": "ERROR"')
    figure.add(f"{alarms} lines of level ERROR")
    figure.demand(alarms > 0, "no alarm in the log")
    broken = cluster.check(stack.name)
    figure.demand(not broken, f"pg_amcheck: {broken}")
    return [figure]
