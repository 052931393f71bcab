"""Break everything, in about twenty minutes, and write docs/faults.md.

    python -m bench.faults [GROUP...]

Groups: thousands, workers, provider, kills, pool, broker, database, embedded, pressure, disk (the last as root only: it mounts a small disk).
PostgreSQL and Redis are our own, on free ports. Ends with 1 when a figure is not as expected. FAULT_INVITES (10,000) sets the size of the great sending,
FAULT_RUNS (1) how many times in a row all is broken; what stands on the page is of all of them.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final

from bench.faults import pressure_faults, report, server_faults, worker_faults
from bench.faults.report import Figure
from bench.faults.servers import Cluster, Redis
from bench.faults.stack import Stack, running

DISK_MEGABYTES: Final = 400
RUNS: Final = int(os.environ.get("FAULT_RUNS", "1"))
INVITES: Final = int(os.environ.get("FAULT_INVITES", "10000"))
_Run = Callable[[Stack, Redis], list[Figure]]
# All of them run at the same time but those of _ALONE, each with a database and a Redis of its own: most of their time is waiting.
GROUPS: Final[dict[str, dict[str, _Run]]] = {
    "thousands": {"thousands": lambda stack, _redis: worker_faults.ten_thousand(stack, INVITES)},
    "workers": {"workers": lambda stack, _redis: worker_faults.workers(stack)},
    "provider": {"provider": lambda stack, _redis: worker_faults.provider(stack)},
    "kills": {
        "kill_after": lambda stack, _redis: worker_faults.killed(stack, "after"),
        "kill_before": lambda stack, _redis: worker_faults.killed(stack, "before"),
        "quitting": lambda stack, _redis: worker_faults.quit_after_term(stack),
        "poison": lambda stack, _redis: worker_faults.poison(stack),
    },
    "pool": {"pool": lambda stack, _redis: worker_faults.poisoned_pool(stack)},
    "broker": {"broker": server_faults.broker},
}
# These break PostgreSQL itself: each has one of its own.
ON_THEIR_OWN: Final[dict[str, tuple[Callable[[], Cluster], Callable[[Stack, Cluster], list[Figure]]]]] = {
    "database": (Cluster, server_faults.database),
    "pressure": (lambda: Cluster(connections=60), pressure_faults.pressure),
    "disk": (lambda: Cluster(megabytes=DISK_MEGABYTES), pressure_faults.disk_full),
}
# How quickly people are served says something only while nothing else is broken beside it.
_ALONE: Final = ("thousands", "pool", "broker", "pressure", "disk")
brokers: Final[list[Redis]] = []
clusters: Final[list[Cluster]] = []


def main(wanted: list[str]) -> int:
    """Run the groups wanted, or all, as often as asked."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    runs: list[list[Figure]] = []
    for _again in range(RUNS):
        runs.append(_run(wanted or [*GROUPS, *ON_THEIR_OWN, "embedded"]))
        for figure in runs[-1]:
            sys.stdout.write(report.row([figure]) + "\n")
        sys.stdout.flush()
        if not wanted:
            report.write(runs, time.monotonic() - began)
    return 0 if all(figure.good for figures in runs for figure in figures) else 1


def _run(wanted: list[str]) -> list[Figure]:
    """Break what is wanted, once."""
    cluster = Cluster()
    found: list[Figure] = []
    try:
        turns: list[list[str]] = [[name] for name in _ALONE if name in wanted]
        turns.append([name for name in wanted if name not in _ALONE])
        for turn in turns:
            deeds = [deed for name in turn for deed in _deeds(cluster, name)]
            pool = ThreadPoolExecutor(max(1, len(deeds)))
            for future in [pool.submit(deed) for deed in deeds]:
                found += future.result()
    finally:
        for stack in running:
            stack.close()
        for broker in brokers:
            broker.stop()
        for one in (cluster, *clusters):
            one.close()
        for kept in (running, brokers, clusters):
            kept.clear()
    return found


def _deeds(cluster: Cluster, name: str) -> list[Callable[[], list[Figure]]]:
    """Return what a group does, ready to be run."""
    if name == "embedded":
        return [lambda: _on(cluster, "portal_embedded", lambda stack, _redis: server_faults.embedded(stack), redis=False)]
    if name in ON_THEIR_OWN:
        return [lambda: _on_its_own(name)]
    return [partial(_on, cluster, f"portal_{part}", run) for part, run in GROUPS[name].items()]


def _on_its_own(name: str) -> list[Figure]:
    make, run = ON_THEIR_OWN[name]
    cluster = make()
    clusters.append(cluster)
    return _on(cluster, f"portal_{name}", lambda stack, _redis: run(stack, cluster))


def _on(cluster: Cluster, name: str, run: _Run, *, redis: bool = True) -> list[Figure]:
    """Run a group on a database and a Redis of its own."""
    broker = Redis()
    brokers.append(broker)
    stack = Stack(name, cluster.create(name), broker.url if redis else "")
    try:
        figures = run(stack, broker)
        sys.stderr.write("".join(f"{report.row([figure])}\n" for figure in figures))
    except BaseException:
        sys.stderr.write(stack.logs())
        raise
    else:
        if not all(figure.good for figure in figures):
            sys.stderr.write(stack.logs())
        return figures
    finally:
        stack.close()


if __name__ == "__main__":
    done = 1
    try:
        done = main(sys.argv[1:])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(done)  # threads of a run that was broken off wait for nobody
