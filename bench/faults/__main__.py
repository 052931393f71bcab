"""Break everything once, in about ten minutes, and write docs/faults.md.

    python -m bench.faults [GROUP...]

Groups: thousands, workers, provider, kills, broker, database, embedded. PostgreSQL and Redis are our own, on free ports. Ends with 1 when a figure is
not as expected. FAULT_INVITES (10,000) sets the size of the great sending.
"""

import os
import signal
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

from bench.faults import report, server_faults, worker_faults
from bench.faults.report import Figure
from bench.faults.servers import Cluster, Redis
from bench.faults.stack import Stack, running

INVITES: Final = int(os.environ.get("FAULT_INVITES", "10000"))
_Run = Callable[[Stack, Redis], list[Figure]]
# Those of one line run at the same time, each with a database and a Redis of its own: most of their time is waiting.
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
    "broker": {"broker": server_faults.broker},
}
_ALONE: Final = ("thousands",)
brokers: Final[list[Redis]] = []


def main(wanted: list[str]) -> int:
    """Run the groups wanted, or all."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    began = time.monotonic()
    wanted = wanted or [*GROUPS, "database", "embedded"]
    cluster, second, found = Cluster(), Cluster(), []
    try:
        for turn in ([name for name in wanted if name in _ALONE], [name for name in wanted if name not in _ALONE]):
            deeds: list[Callable[[], list[Figure]]] = []
            for name in turn:
                if name == "database":
                    deeds.append(lambda: _on(second, "portal_database", lambda stack, _redis: server_faults.database(stack, second)))
                elif name == "embedded":
                    deeds.append(lambda: _on(cluster, "portal_embedded", lambda stack, _redis: server_faults.embedded(stack), redis=False))
                else:
                    deeds += [_deed(cluster, f"portal_{part}", run) for part, run in GROUPS[name].items()]
            pool = ThreadPoolExecutor(max(1, len(deeds)))
            for future in [pool.submit(deed) for deed in deeds]:
                found += future.result()
    finally:
        for stack in running:
            stack.close()
        for broker in brokers:
            broker.stop()
        cluster.close()
        second.close()
    for figure in found:
        sys.stdout.write(figure.row() + "\n")
    if not sys.argv[1:]:
        report.write(found, time.monotonic() - began)
    return 0 if all(figure.good for figure in found) else 1


def _deed(cluster: Cluster, name: str, run: _Run) -> Callable[[], list[Figure]]:
    return lambda: _on(cluster, name, run)


def _on(cluster: Cluster, name: str, run: _Run, *, redis: bool = True) -> list[Figure]:
    """Run a group on a database and a Redis of its own."""
    broker = Redis()
    brokers.append(broker)
    stack = Stack(name, cluster.create(name), broker.url if redis else "")
    try:
        figures = run(stack, broker)
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
