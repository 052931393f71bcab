"""F32: the drill. Back up as every night, go on, lose the machine, and come back from backup and archive by the scripts of `deploy/`."""

import shutil
import time
from collections.abc import Iterator
from typing import Final

import pytest

from bench.faults.servers import Cluster
from bench.faults.stack import ROOT, Stack
from bench.faults.visitor import Visitor

pytestmark = [pytest.mark.services]
NAME: Final = "restored"
BACK_SECONDS: Final = 30 * 60
SIGNED_IN: Final = "SELECT count(*) FROM accounts_session WHERE signed_in_at IS NOT NULL"
HELD: Final = "SELECT count(*) FROM outbox_message WHERE state = 'held'"
TRAIL: Final = "SELECT count(*) FROM audit_auditevent"
WAITING_CODE: Final = """
from accounts.codes.flow import send_code
from accounts.models import Purpose, User
from accounts.sessions.store import SessionStore
from portal.outbox import wake
wake.wake = lambda pk, queue: None
person, session = User.objects.get(email="app0@ysgol.example"), SessionStore()
session.create()
send_code(user=person, purpose=Purpose.RESET, session=session, kind="reset_code", channel="email", to=person.email)
"""


@pytest.fixture
def lost() -> Iterator[Cluster]:
    """A PostgreSQL that keeps an archive, and will lose its files."""
    own = Cluster(archive=True)
    own.create(NAME)
    yield own
    own.close()


def ours(cluster: Cluster, name: str, *arguments: str) -> str:
    """Run one of our scripts as PostgreSQL's user, who cannot read our own folder."""
    copy = cluster.folder / name
    shutil.copy(ROOT / "deploy" / name, copy)
    copy.chmod(0o755)
    return cluster.script("env", f"PGDATABASE={NAME}", "sh", str(copy), str(cluster.backups), *arguments)


def archived(cluster: Cluster) -> None:
    """Let the five minutes of `archive_timeout` pass."""
    whole = cluster.script("psql", "-Atc", "SELECT pg_walfile_name(pg_switch_wal())", NAME)
    while not (cluster.backups / "archive" / whole).exists():
        time.sleep(0.1)


def test_f32_a_lost_database_comes_back_whole_signs_everybody_out_and_sends_nothing_twice(lost: Cluster) -> None:
    stack = Stack("restored", lost.url(NAME))
    try:
        stack.provider.mood = "421"  # so that messages wait when the machine is lost
        stack.web()
        visitor = Visitor(stack, "app")
        visitor.prepare()
        stack.load(10).kept()
        backup = ours(lost, "backup.sh")
        after = stack.load(10, to="after").kept()
        visitor.begin()
        time.sleep(3)
        visitor.finish()
        stack.manage("shell", "-v", "0", "-c", WAITING_CODE)
        stack.manage("check_audit")
        signed_in, trail = stack.ask(SIGNED_IN)[0][0], stack.ask(TRAIL)[0][0]
        assert (visitor.errors, signed_in > 0, stack.waiting()) == ([], True, 21)
        archived(lost)
        stack.load(5, to="gone").kept()
        stack.end("web")

        lost.kill()
        lost.script("rm", "-rf", str(lost.data))
        began = time.monotonic()
        ours(lost, "restore.sh", backup, str(lost.data))
        lost.start()
        while lost.script("psql", "-Atc", "SELECT pg_is_in_recovery()", NAME) != "f":
            time.sleep(0.2)
        assert stack.ask(SIGNED_IN)[0][0] == signed_in, "all that the archive had is there"
        assert stack.ask(TRAIL)[0][0] == trail
        stack.provider.mood = "good"
        stack.web()
        while visitor.status("/live") != 200:
            assert time.monotonic() - began < 60, stack.logs()
        assert visitor.status("/ready") == 503, "nobody is served, and nothing sent, before somebody has seen to it"
        with pytest.raises(SystemExit, match="session is read-only"):
            stack.manage("shell", "-v", "0", "-c", "from portal.outbox.relay import sweep; sweep()")
        assert stack.waiting() == 21
        said = stack.manage("after_restore")
        assert "Held back for review (help desk, Messages): 20." in said
        assert "The database is open." in said
        while visitor.status("/ready") != 200:
            assert time.monotonic() - began < 90, stack.logs()
            time.sleep(0.2)
        assert time.monotonic() - began < BACK_SECONDS
        assert stack.ask("SELECT (SELECT count(*) FROM accounts_session), (SELECT count(*) FROM accounts_code)") == [(0, 0)]
        stack.load(1, to="new").kept()
        stack.drained(30)
        assert [to for _at, _key, to in stack.provider.accepted] == ["new0@ysgol.example"], "only what came after the restore"
        assert stack.ask(HELD) == [(20,)]
        held = {str(row[0]) for row in stack.ask("SELECT id FROM outbox_message WHERE state = 'held'")}
        assert set(after) <= held, "what was committed after the backup was not lost"
        stack.manage("check_audit")
    finally:
        stack.close()


def test_f32_a_dump_is_read_by_another_server(lost: Cluster) -> None:
    stack = Stack("dumped", lost.url(NAME))
    try:
        stack.manage("shell", "-v", "0", "-c", "from permissions.models import Centre; Centre.objects.create(number='68999', name='Ysgol')")
        stack.manage("create_staff", "sian@board.example", "Sian", "Morgan")
        stack.manage("check_audit")
        ours(lost, "backup.sh")
        (dump,) = (lost.backups / "dump").iterdir()
        trail = stack.ask(TRAIL)
        stack.database = lost.create("another")
        lost.script("pg_restore", "--dbname=another", "--exit-on-error", str(dump))
        assert stack.ask(TRAIL) == trail != [(0,)]
        assert "as it was written" in stack.manage("after_restore")
        with pytest.raises(SystemExit, match="append-only"):
            lost.script("psql", "-c", "DELETE FROM audit_auditevent", "another")
    finally:
        stack.close()


def test_f32_old_backups_and_what_of_the_archive_only_they_needed_go(lost: Cluster) -> None:
    first = ours(lost, "backup.sh", "14")
    archived(lost)
    before = sorted(path.name for path in (lost.backups / "archive").iterdir())
    for kind in ("base", "dump"):
        lost.script("touch", "-d", "16 days ago", str(lost.backups / kind / first))
    time.sleep(1.1)
    second = ours(lost, "backup.sh", "14")
    assert [path.name for path in (lost.backups / "base").iterdir()] == [second]
    assert [path.name for path in (lost.backups / "dump").iterdir()] == [second]
    left = {path.name for path in (lost.backups / "archive").iterdir()}
    assert before[0] not in left
