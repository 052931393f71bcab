"""Deeds that begin at the same moment, each in a thread and a database connection of its own."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connections

from portal.web.refusal import Refusal


def race(*deeds: Callable[[], object]) -> Counter[str]:
    """Let each deed begin at the same moment and count how they ended: "done", or the name of the refusal."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> str:
        try:
            start.wait(timeout=20)
            deed()
        except Refusal as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(len(deeds)) as pool:
        return Counter(pool.map(run, deeds))
