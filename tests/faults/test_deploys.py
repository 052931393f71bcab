"""F29, F30: a deploy while people sign in and messages leave: a migration that fails half-way, new code beside old, and a later contraction.

The code of before is this tree. The next release is a copy of it with two migrations more and a column in a model; the one after that a copy
that takes the column away again, when no process of the release between is left.
"""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import psycopg
import pytest
from django.db.migrations.loader import MigrationLoader

from bench.faults.report import Figure
from bench.faults.servers import Cluster
from bench.faults.stack import ROOT, Stack
from bench.faults.visitor import Visitor
from portal import limits

pytestmark = [pytest.mark.services]
LEAF = MigrationLoader(None).graph.leaf_nodes("outbox")[0][1]
MIGRATION = """
from django.db import migrations, models
from portal.migrating import AddIndexBeside

class Migration(migrations.Migration):
    atomic = {atomic}
    dependencies = [("outbox", "{after}")]
    operations = [{operations}]
"""
WEB_STOP_SECONDS = 30
FIELD = "models.PositiveSmallIntegerField(default=0, db_default=0)"
INDEX = 'models.Index(fields=["weight"], name="message_by_weight")'


def release(folder: Path, *steps: tuple[str, str, str], column: bool = False) -> Path:
    """Copy this tree and add migrations to it: (name, atomic, operations)."""
    for name in ("portal", "permissions", "accounts", "services", "templates", "static", "locale"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "var").symlink_to(ROOT / "var")
    after = LEAF
    for name, atomic, operations in steps:
        text = MIGRATION.format(after=after, atomic=atomic, operations=operations)
        (folder / "portal" / "outbox" / "migrations" / f"{name}.py").write_text(text)
        after = name
    if column:
        models = folder / "portal" / "outbox" / "models.py"
        text = models.read_text().replace("    falls = models", f"    weight = {FIELD}\n    falls = models", 1)
        models.write_text(re.sub(r"(        indexes: ClassVar = \[\n)", rf"\1            {INDEX},\n", text, count=1))
    return folder


EXPAND = (
    ("9001_weight", "True", f'migrations.AddField("message", "weight", {FIELD})'),
    ("9002_shown", "True", 'migrations.AddField("sign", "shown", models.BooleanField(default=False, db_default=False))'),
    ("9003_by_weight", "False", f'AddIndexBeside("message", {INDEX})'),
)
CONTRACT = (
    "9004_without_weight", "True",
    'migrations.RemoveIndex("message", "message_by_weight"), migrations.RemoveField("message", "weight"), migrations.RemoveField("sign", "shown")',
)  # fmt: skip


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    """A PostgreSQL of our own, in which somebody may hold a table."""
    own = Cluster()
    yield own
    own.close()


def _ends_what_it_is_doing(stack: Stack, visitor: Visitor) -> None:
    """TERM to the web process while it answers: whoever asked gets the page, and within half a minute it has ended."""
    answers: list[int] = []
    asking = Thread(target=lambda: answers.append(visitor.status("/ready")))
    process = stack.processes.pop("web").running
    with psycopg.connect(stack.database) as holding:
        holding.execute("LOCK TABLE django_migrations IN ACCESS EXCLUSIVE MODE")
        asking.start()
        waits = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
        while stack.ask(waits) != [(1,)]:
            time.sleep(0.05)
        process.terminate()
        time.sleep(0.5)
    asking.join()
    began = time.monotonic()
    process.wait(WEB_STOP_SECONDS)
    assert answers == [200]
    assert time.monotonic() - began < WEB_STOP_SECONDS


def test_f29_f30_old_code_serves_on_while_a_deploy_fails_half_way_is_repeated_and_contracts_later(cluster: Cluster, tmp_path: Path) -> None:
    old = Stack("deploy", cluster.create("deploy"))
    new = Stack("next", old.database, provider=old.provider, fresh=False, root=release(tmp_path / "next", *EXPAND, column=True))
    try:
        old.web()
        visitor, newer = Visitor(old, "app"), Visitor(new, "email")
        visitor.prepare()
        visitor.begin()
        load = old.load(150, seconds=15)
        new.web()
        newer.prepare()
        assert newer.status("/ready") == 503, "its migrations are still to come"

        with psycopg.connect(old.database) as report:
            report.execute("LOCK TABLE outbox_sign IN ACCESS SHARE MODE")  # as a long report or a dump does
            began = time.monotonic()
            with pytest.raises(SystemExit, match="lock timeout"):
                new.manage("migrate", "--verbosity", "0")
            assert time.monotonic() - began < limits.P24_LOCK_SECONDS + 20
        assert old.ask("SELECT name FROM django_migrations WHERE name >= '9' ORDER BY name") == [("9001_weight",)], "half-applied"
        assert (visitor.status("/ready"), newer.status("/ready")) == (200, 503)

        new.manage("migrate", "--verbosity", "0")
        assert (visitor.status("/ready"), newer.status("/ready")) == (200, 200)
        newer.begin()
        beside = new.load(50, seconds=5, to="q")
        kept = [*load.kept(), *beside.kept()]
        newer.finish()
        new.end("web")

        last = Stack("last", old.database, provider=old.provider, fresh=False, root=release(tmp_path / "last", *EXPAND, CONTRACT))
        more = old.load(30, seconds=6, to="r")
        last.manage("migrate", "--verbosity", "0")
        kept += more.kept()
        visitor.finish()
        assert (visitor.errors, newer.errors) == ([], [])
        assert visitor.slowest < limits.P24_LOCK_SECONDS + 3, "nobody waited longer than a lock may be waited for"
        assert len(visitor.seconds) > 10
        assert len(newer.seconds) > 2
        assert visitor.status("/ready") == 200
        figure = Figure("F29", "rolling deploy")
        figure.await_end(old, 90)
        assert len(kept) == 230, "no message was refused"
        assert figure.settle(old, kept).good, figure
        _ends_what_it_is_doing(old, visitor)
    finally:
        new.close()
        old.close()
