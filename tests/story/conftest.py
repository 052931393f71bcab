"""The stage of the story: Chromium and a running Portal."""

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.story.server import Portal

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync"]  # fmt: skip
DATABASE = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/postgres").rpartition("/")[0]
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/9").rpartition("/")[0]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A headless Chromium of the system."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    assert program, "Chromium is not installed (Debian: apt-get install chromium)"
    # Playwright's loop is asynchronous underneath; these tests use no database connection of their own.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=["embedded", "services"])
def portal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Portal]:
    """A running Portal: once on SQLite without a broker, once on PostgreSQL and Redis with a worker of its own."""
    if request.param == "embedded":
        running = Portal(tmp_path, f"sqlite:///{tmp_path}/portal.sqlite3")
        running.start()
        yield running
        running.stop()
        return
    name = f"portal_story_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(f"{DATABASE}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        running = Portal(tmp_path, f"{DATABASE}/{name}", redis_url=f"{REDIS}/10")
        running.start()
        yield running
        running.stop()
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
