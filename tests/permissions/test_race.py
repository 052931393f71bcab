"""INV-2, A70: parallel invites on a server database."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections, transaction

from permissions.membership.flow import open_membership
from permissions.membership.refusals import ExamsOfficerExists, NoAdminSeat
from permissions.models import Centre
from permissions.roles import Role
from portal.audit import triggers
from tests.permissions.people import new_centre

pytestmark = pytest.mark.services


@pytest.fixture
def _trail_locked_again(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Put the triggers of the audit trail back once the database has been emptied."""
    yield
    with django_db_blocker.unblock():
        triggers.install(connection)


@pytest.fixture(autouse=True)
def _server_database(_trail_locked_again: None, transactional_db: None) -> Iterator[None]:
    """Threads race only on a database server; the trail lets go of its rows so that the test can empty the database afterwards."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    yield
    triggers.remove(connection)


def race(centre: Centre, role: Role, runners: int = 10) -> Counter[str]:
    """Let ten callers open a place at the same moment, each in a transaction of its own, and count how they ended."""
    start = Barrier(runners)

    def run(_number: int) -> str:
        try:
            start.wait(timeout=20)
            with transaction.atomic():
                open_membership(centre=centre, role=role)
        except (NoAdminSeat, ExamsOfficerExists) as refused:
            return type(refused).__name__
        finally:
            connections.close_all()
        return "opened"

    with ThreadPoolExecutor(runners) as pool:
        return Counter(pool.map(run, range(runners)))


def test_inv2_of_ten_parallel_admin_invites_exactly_three_succeed() -> None:
    """The others are told; nobody meets an error or a deadlock. Five rounds, since a race may hide."""
    for _round in range(5):
        centre = new_centre()
        assert race(centre, Role.ADMIN) == {"opened": 3, "NoAdminSeat": 7}
        assert set(centre.memberships.values_list("seat", flat=True)) == {1, 2, 3}


def test_inv2_of_ten_parallel_exams_officer_invites_exactly_one_succeeds() -> None:
    """The same for the single Exams Officer."""
    for _round in range(5):
        centre = new_centre()
        assert race(centre, Role.EXAMS_OFFICER) == {"opened": 1, "ExamsOfficerExists": 9}
        assert centre.memberships.count() == 1
