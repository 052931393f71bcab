"""No secret is found anywhere but where it belongs: not in a log, a fault's report, a task, Redis, an address, or any table (A35, A160).

The canary test: distinctive passwords, codes, keys and references live a whole life, errors and faults included; then everything that was
kept or said is searched for them, raw and in Base64, hexadecimal and escaped forms.
"""

import base64
import inspect
import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import psycopg
import pytest
from celery import current_app
from django.db import connection

from tests.attacks.journey import live
from tests.attacks.processes import Processes
from tests.attacks.search import encodings, leaks
from tests.attacks.stages import OwnProcess, Place, Stage
from tests.story.conftest import DATABASE, REDIS
from tests.story.server import Portal

KINDS = (
    "temporary password",
    "first password",
    "key",
    "code",
    "reset code",
    "changed password",
    "mistyped",
    "typed into a fault",
    "recovery code",
    "freeze reference",
    "new address",
    "mark of browser",
)


def _nothing_leaks(stage: Stage) -> None:
    for kind in KINDS:
        assert any(kind in name for name in stage.secrets), kind
    passwords = {name: secret for name, secret in stage.secrets.items() if "password" in name}
    assert not [name for page in stage.pages for name in leaks(page, passwords)], "a page shows a password"


def _secrets_for(place: str, stage: Stage) -> dict[str, str]:
    """Django's report of a fault shows cookies but the session's: the mark of a browser, which opens nothing, stands there if it is mailed."""
    return {name: secret for name, secret in stage.secrets.items() if "mark of browser" not in name or place != "the mail to the operator"}


def _search(stage: Stage, places: Iterator[Place], after: str) -> None:
    found = {place: names for place, text in places if (names := leaks(text, _secrets_for(place, stage)))}
    assert not found, f"after {after}: {found}"


def _live(stage: Stage) -> None:
    """Play the journey: what is kept is searched after each chapter, what was said (it only grows) once at the end."""
    live(stage, lambda after: _search(stage, stage.kept(), after))
    _search(stage, stage.said(), "all")
    _nothing_leaks(stage)


def test_a35_no_secret_in_logs_fault_reports_addresses_sessions_or_any_table(
    server_db: None, caplog: pytest.LogCaptureFixture, settings: Any
) -> None:
    stage = OwnProcess(caplog, settings)
    try:
        _live(stage)
        # What a table that is gone means to each database (F13): one that does not answer, or a fault of ours.
        fault = "Internal Server Error" if connection.vendor == "postgresql" else "Service Unavailable"
        said = dict(stage.said())
        assert fault in said["the log"]
        assert fault in said["the mail to the operator"]
    finally:
        stage.stop()


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    """A Portal of separate processes on PostgreSQL and Redis."""
    name = f"portal_canary_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{DATABASE}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        running = Portal(tmp_path, f"{DATABASE}/{name}", redis_url=f"{REDIS}/11")
        running.start()
        yield Processes(running)
        running.stop()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.services
def test_a160_no_secret_in_the_logs_of_real_processes_in_redis_or_in_postgresql(processes: Processes) -> None:
    _live(processes)


def test_a150_tasks_take_an_id_or_a_name_and_nothing_else() -> None:
    import portal.outbox.tasks  # noqa: F401  (registers them)

    ours = {name: task for name, task in current_app.tasks.items() if not name.startswith("celery.")}
    assert ours
    for name, task in ours.items():
        assert set(inspect.signature(task.run).parameters) <= {"pk", "name"}, name


@pytest.mark.parametrize("secret", ["abcd-efgh-jkmn-pqrs", "Canary with spaces & signs 7", "482913", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PX2"])
def test_the_search_finds_what_it_shall(secret: str) -> None:
    """A search that never finds anything would pass every test."""
    for before in ("", "x", "xy"):
        hidden = [
            f"{before} {secret} z",
            base64.b64encode(f'{before}{{"a": "{secret}"}}'.encode()).decode(),
            json.dumps({"a": secret}),
            quote(secret),
        ]
        hidden += [base64.urlsafe_b64encode(f"{before}{secret}".encode()).decode(), secret.encode().hex()]
        for text in hidden:
            assert leaks(text, {"it": secret}) == ["it"], text
    assert leaks("2026-08-13 07:59:59.482913 and 1795463316.482913", {"it": "482913"}) == []
    assert all(len(form) >= 7 for form in encodings(secret))
