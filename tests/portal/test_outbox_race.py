"""MAIL-2: several workers at once."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection, connections

from portal.outbox.claim import claim, settle
from portal.outbox.models import State
from tests.portal.letters import letter

pytestmark = pytest.mark.services


def test_parallel_workers_take_each_message_once(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    rows = {letter(to=f"p{number}@glan.example").pk for number in range(40)}
    start = Barrier(8)

    def work(_number: int) -> list[UUID]:
        mine = []
        try:
            start.wait(timeout=30)
            while (message := claim()) is not None:
                mine.append(message.pk)
                assert settle(message, State.ACCEPTED)
        finally:
            connections.close_all()
        return mine

    with ThreadPoolExecutor(8) as pool:
        taken = [pk for mine in pool.map(work, range(8)) for pk in mine]
    assert len(taken) == len(rows)
    assert set(taken) == rows


def test_a_message_named_twice_at_once_is_taken_once(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    pk, start = str(letter().pk), Barrier(8)

    def work(_number: int) -> bool:
        try:
            start.wait(timeout=30)
            return claim(pk) is not None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(work, range(8))) == 1
