"""A worker killed, a database that starts anew, in the middle of publishing: nothing is half published, and the file is published once (SVC 5)."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from bench.faults.servers import Cluster, Redis
from tests.story.server import STAFF_EMAIL, Portal

pytestmark = [pytest.mark.services]

RESULTS = 20_000
PATIENCE_SECONDS = 120
_TAKE = f"""
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from accounts.models import User
from permissions.models import Centre
from services.exams.models import Option
from services.publishing.flow import take_file
from services.results.publishing.models import ResultsImport
from tests.services.results.publishing.field import csv_of, line, make_field
user = User.objects.get(email="{STAFF_EMAIL}")
user.groups.set(Group.objects.all())
where = make_field().where
Centre.objects.bulk_create(Centre(number=str(number), name="Ysgol") for number in range(70000, 70040))
content = csv_of(*(line(number, centre=str(centre)) for centre in range(70000, 70040) for number in range(1, {RESULTS} // 40 + 1)))
take_file(ResultsImport(series=where.series, level=where.level), actor=user, content=ContentFile(content, name="results.csv"))
"""
_ORDER = f"""
from accounts.models import User
from services.publishing.flow import order
from services.results.publishing.models import ResultsImport
order(actor=User.objects.get(email="{STAFF_EMAIL}"), run=ResultsImport.objects.get(), reason="")
"""
_DUE = """
from portal import clock
from services.publishing.work import work_due
from services.results.publishing.models import ResultsImport
ResultsImport.objects.filter(state__in=("waiting", "ordered")).update(due_at=clock.now())
work_due()
"""


class Publishing(Portal):
    """A Portal whose files stand in its own folder."""

    def environment(self) -> dict[str, str]:
        """What its processes see."""
        return super().environment() | {"FILES_DIR": str(self.folder / "files")}

    def shell(self, code: str) -> None:
        """Do something inside."""
        self.manage("shell", "-v", "0", "-c", code)


@dataclass
class Stage:
    """The Portal and the database that is broken."""

    portal: Publishing
    cluster: Cluster
    url: str

    def ask(self, question: str) -> tuple[object, ...]:
        """Ask the database for one row."""
        with psycopg.connect(self.url) as connection:
            row = connection.execute(question).fetchone()
        return tuple(row or ())

    def wait_for(self, right: Callable[[], bool]) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not right():
            assert time.monotonic() < deadline, self.portal.logs()
            time.sleep(0.02)

    def state(self) -> str:
        """Say where the file stands."""
        return str(self.ask("SELECT state FROM publishing_resultsimport")[0])

    def writes(self) -> bool:
        """Say whether somebody writes results now, unseen as yet."""
        locks = "SELECT count(*) FROM pg_locks l JOIN pg_class c ON c.oid = l.relation WHERE c.relname = 'results_result' AND l.mode = 'RowExclusiveLock'"
        return self.ask(locks) != (0,)

    def seen(self) -> tuple[object, ...]:
        """Return what everybody else sees: results, candidates, issues."""
        return self.ask(
            "SELECT (SELECT count(*) FROM results_result), (SELECT count(*) FROM exams_candidate), (SELECT count(*) FROM results_issue)"
        )

    def bytes_kept(self) -> int:
        """Count the files on the disk."""
        return len(list((self.portal.folder / "files" / "imports").iterdir()))


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    """A file that is checked, ordered, and being written by a worker."""
    if not (shutil.which("initdb") or list(Path("/usr/lib/postgresql").glob("*/bin/initdb"))):
        pytest.skip("PostgreSQL's own programs are not here: a server to be broken cannot be made")
    cluster, redis = Cluster(), Redis()
    portal = Publishing(tmp_path, cluster.create("portal"), redis_url=redis.url)
    try:
        portal.start()
        found = Stage(portal, cluster, cluster.url("portal"))
        portal.shell(_TAKE)
        found.wait_for(lambda: found.state() == "checked")
        portal.shell(_ORDER)
        found.wait_for(found.writes)
        yield found
    finally:
        portal.stop()
        redis.stop()
        cluster.close()


def _nothing_half_published(stage: Stage) -> None:
    assert (stage.state(), stage.seen(), stage.bytes_kept()) == ("ordered", (0, 0, 0), 1)


def _published_once(stage: Stage) -> None:
    stage.portal.shell(_DUE)
    stage.wait_for(lambda: stage.state() == "published")
    assert stage.seen() == (RESULTS, RESULTS, 1)
    assert stage.ask("SELECT tries FROM publishing_resultsimport") == (2,)
    stage.wait_for(lambda: stage.bytes_kept() == 0)


def test_a_worker_killed_in_the_middle_leaves_nothing_and_another_publishes_once(stage: Stage) -> None:
    worker = stage.portal.processes[-1]
    children = Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split()
    for pid in (*map(int, children), worker.pid):
        os.kill(pid, signal.SIGKILL)
    worker.wait()
    stage.wait_for(lambda: not stage.writes())
    _nothing_half_published(stage)
    stage.portal.respawn(len(stage.portal.processes) - 1)
    _published_once(stage)


def test_a_database_that_starts_anew_in_the_middle_leaves_nothing_and_the_worker_publishes_once(stage: Stage) -> None:
    stage.cluster.stop()
    stage.cluster.start()
    _nothing_half_published(stage)
    _published_once(stage)
