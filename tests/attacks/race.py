"""Two who act at the same instant, again and again, on a database that threads share (R cases: 50 rounds, 0 broken invariants)."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier
from typing import TypeVar

import pytest
from django.core.cache import cache
from django.db import connection, connections

from portal.web.refusal import Refusal
from tests.cast import Cast, make_cast

ROUNDS = 50
T = TypeVar("T")


def people() -> Cast:
    """The cast, on PostgreSQL."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    cache.clear()
    return make_cast()


@contextmanager
def runners(number: int) -> Iterator[ThreadPoolExecutor]:
    """Threads that keep their connection over all rounds, and close it in the end."""
    with ThreadPoolExecutor(number) as pool:
        yield pool
        end = Barrier(number)

        def close(_number: int) -> None:
            end.wait(timeout=20)
            connections.close_all()

        list(pool.map(close, range(number)))


def at_once(pool: ThreadPoolExecutor, *deeds: Callable[[], T]) -> list[T | str]:
    """Do deeds at the same moment; returns what each gave back, or the name of its refusal."""
    start = Barrier(len(deeds))

    def run(deed: Callable[[], T]) -> T | str:
        start.wait(timeout=20)
        try:
            return deed()
        except Refusal as refusal:
            return type(refusal).__name__

    return list(pool.map(run, deeds))
