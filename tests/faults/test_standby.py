"""F33: the primary dies and its standby is promoted. DATABASE_URL names both; nobody is ever served from the copy that lags."""

import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest

from bench.faults.report import Figure
from bench.faults.servers import Cluster
from bench.faults.stack import Stack
from bench.faults.visitor import Visitor

pytestmark = [pytest.mark.services]
NAME = "standing_by"
ERRORS_SECONDS = 60


@pytest.fixture
def pair() -> Iterator[tuple[Cluster, Cluster]]:
    """A primary that tells of nothing as written before its standby has it, and the standby."""
    primary = Cluster()
    primary.create(NAME)
    standby = Cluster(standby_of=primary)
    with psycopg.connect(primary.url("postgres"), autocommit=True) as line:
        line.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        line.execute("SELECT pg_reload_conf()")
    yield primary, standby
    primary.close()
    standby.close()


def clients_of(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as line:
        row = line.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [NAME]).fetchone()
    assert row is not None
    return int(row[0])


def test_f33_a_promoted_standby_is_found_within_a_minute_and_never_read_from_before(pair: tuple[Cluster, Cluster]) -> None:
    primary, standby = pair
    # The standby comes first: whoever took the first that answers would read from it.
    stack = Stack("standby", f"postgres://postgres@127.0.0.1:{standby.port},127.0.0.1:{primary.port}/{NAME}")
    try:
        stack.web()
        visitor = Visitor(stack, "app")
        visitor.prepare()
        only_the_copy = subprocess.run(
            [sys.executable, "manage.py", "shell", "-v", "0", "-c", "from portal.clock import database_now; database_now()"],
            cwd=stack.root, env=stack.environment | {"DATABASE_URL": standby.url(NAME)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert only_the_copy.returncode != 0
        assert "session is read-only" in only_the_copy.stderr, "a copy alone is no database"

        visitor.begin()
        load = stack.load(60, seconds=12)
        time.sleep(4)
        assert clients_of(primary) > 0
        assert clients_of(standby) == 0
        assert visitor.status("/ready") == 200
        primary.kill()
        began = time.monotonic()
        time.sleep(2)
        assert visitor.status("/ready") == 503, "as long as there is only a copy nobody is served"
        standby.promote()
        while visitor.status("/ready") != 200:
            assert time.monotonic() - began < ERRORS_SECONDS, stack.logs()
            time.sleep(0.2)
        back = time.monotonic() - began
        figure = Figure("F33", "standby promoted", duplicates_allowed=1)
        kept = load.kept()
        time.sleep(3)
        visitor.finish()
        visitor.errors.clear()
        visitor.begin()
        time.sleep(3)
        visitor.finish()
        assert visitor.errors == [], "everybody is served again"
        assert len(kept) > 20
        # What the dead primary's connection had in hand waits for its lease.
        stack.ask("UPDATE outbox_message SET next_try_at = now() WHERE state = 'claimed'")
        figure.await_end(stack, 60)
        figure.settle(stack, kept)
        assert figure.good, figure
        assert back < ERRORS_SECONDS
    finally:
        stack.close()
