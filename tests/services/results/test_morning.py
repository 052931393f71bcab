"""F34, scaled down: people sign in and read what came out, through nginx and gunicorn as docker-compose.yml starts them.

No time is asserted: `python -m bench.morning` measures it on a quiet machine.
"""

import os
import shutil
import uuid

import psycopg
import pytest

from bench.morning.browser import WrongAnswer
from bench.morning.morning import Plan, check_own, pages_for, play
from bench.morning.people import mark_of
from bench.morning.run import opened
from bench.morning.stack import Stack
from tests.story.conftest import DATABASE

PEOPLE, READS = 20, 10
PERSON = {"centre": 3, "number": "10003", "candidate": "0000", "email": "p3@c10003.example"}
LIST = "/services/results/2026-06-level-2/candidates/"

needs_nginx = pytest.mark.skipif(
    shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin") is None, reason="needs nginx (nginx-light), which .ci/run installs"
)


@pytest.mark.services
@needs_nginx
def test_f34_a_morning_goes_without_a_fault_and_nobody_sees_another_centre() -> None:
    with Stack(f"{DATABASE}/postgres", os.environ["REDIS_URL"], name=f"portal_morning_{uuid.uuid4().hex[:12]}") as stack:
        morning = play(stack.port, opened(stack, PEOPLE), Plan(PEOPLE, 2, READS, pause=0.05))
        assert morning.failures == [], stack.logs()
        assert len(morning.sign_ins) == PEOPLE
        assert {page: len(some) for page, some in morning.reads.items()} == dict.fromkeys(morning.reads, PEOPLE)
        assert len(morning.reads) == READS
        with psycopg.connect(stack.database) as connection:
            signed_in, addresses = _one(
                connection, "SELECT count(DISTINCT actor_id), count(DISTINCT address) FROM audit_auditevent WHERE kind = 'SIGNED_IN'"
            )
            (notices,) = _one(connection, "SELECT count(*) FROM outbox_message WHERE kind = 'new_sign_in'")
            (downloads,) = _one(connection, "SELECT count(DISTINCT actor_id) FROM audit_auditevent WHERE kind = 'RESULTS_FILE_DOWNLOADED'")
    assert (signed_in, notices, downloads) == (PEOPLE, PEOPLE, PEOPLE)
    assert addresses > 1, "the proxy hands on who comes from where"


@pytest.mark.parametrize(
    ("page", "body"),
    [
        (LIST, f"{mark_of(3)} aab, {mark_of(4)} aab"),
        (LIST, "nobody at all"),
        ("/services/results/day/", "10004 Ysgol 4"),
    ],
)
def test_f34_a_reader_notices_another_centre_and_an_empty_page(page: str, body: str) -> None:
    with pytest.raises(WrongAnswer):
        check_own(body.encode(), PERSON, page)


def test_f34_a_reader_is_content_with_the_own_centre() -> None:
    assert len(pages_for(PERSON, READS)) == READS
    check_own(f"10003 Ysgol 3: {mark_of(3)} aab".encode(), PERSON, LIST)


def _one(connection: "psycopg.Connection[tuple[int, ...]]", query: str) -> tuple[int, ...]:
    found = connection.execute(query.encode()).fetchone()
    assert found
    return found
