"""F22, F30: a process gets no requests unless its database, migrations, clock and keys fit the others'."""

import secrets
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from pytest_django import Settings

from portal import clock, limits
from portal.outbox import canary
from portal.outbox.models import Sign
from portal.readiness.agreement import agree, differing
from portal.readiness.check import why_not_ready
from portal.readiness.models import Agreed

pytestmark = pytest.mark.django_db
OLD, NEW, OTHER = (secrets.token_urlsafe(48) for _number in range(3))


def ready() -> int:
    return Client().get("/ready").status_code


def test_ready_when_all_is_well() -> None:
    assert (ready(), why_not_ready()) == (200, [])


def test_f30_a_migration_to_come_makes_unready_and_one_of_newer_code_does_not() -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('audit', '9999_of_newer_code', '2026-11-30')")
        assert ready() == 200
        cursor.execute("DELETE FROM django_migrations WHERE app = 'audit' AND name = '0005_seals'")
    assert ready() == 503
    assert "audit.0005_seals" in why_not_ready()[0]


@pytest.mark.parametrize("minutes", [10, -10])
def test_f22_a_clock_that_is_off_makes_unready(minutes: int, caplog: pytest.LogCaptureFixture) -> None:
    with time_machine.travel(clock.now() + timedelta(minutes=minutes)):
        answer = Client().get("/ready")
        assert (answer.status_code, answer.content) == (503, b"not ready")
        assert Client().get("/live").status_code == 200
    assert "the clock is" in caplog.text
    assert "s off the database's" in caplog.text


def test_f22_a_few_seconds_cost_the_embargo_only_and_are_told() -> None:
    with time_machine.travel(clock.now() + timedelta(seconds=10)):
        assert ready() == 200
        (skew,) = [line for line in Client().get("/metrics").content.decode().splitlines() if line.startswith("portal_clock_skew_seconds ")]
    assert 9 < float(skew.split()[1]) < 12


def test_f22_a_workers_health_knows_its_clock_and_its_keys(settings: Settings) -> None:
    canary.show("worker@here")
    call_command("worker_health", "--worker", "worker@here", stdout=StringIO())
    with time_machine.travel(clock.now() + timedelta(seconds=10)), pytest.raises(CommandError, match="the clock is"):
        call_command("worker_health", "--worker", "worker@here")
    settings.ENCRYPTION_KEYS = [OTHER]
    with pytest.raises(CommandError, match="ENCRYPTION_KEYS"):
        call_command("worker_health", "--worker", "worker@here")


def test_f09_a_workers_health_is_its_sign_of_life() -> None:
    for seconds in (0, limits.CANARY_LATE_SECONDS - 2):
        Sign.objects.update_or_create(name="celery@one", defaults={"at": clock.now() - timedelta(seconds=seconds)})
        call_command("worker_health", worker="celery@one")
    Sign.objects.filter(name="celery@one").update(at=clock.now() - timedelta(seconds=limits.CANARY_LATE_SECONDS + 1))
    with pytest.raises(CommandError, match="61 s ago"):
        call_command("worker_health", worker="celery@one")
    with pytest.raises(CommandError, match="never"):
        call_command("worker_health", timetable=True)


CHANGES: dict[str, Callable[[Any], None]] = {
    "SECRET_KEY": lambda settings: setattr(settings, "SECRET_KEY", OTHER),
    "ENCRYPTION_KEYS": lambda settings: setattr(settings, "ENCRYPTION_KEYS", [OTHER, *settings.ENCRYPTION_KEYS]),
    "ENCRYPTION_KEYS, the last": lambda settings: setattr(settings, "ENCRYPTION_KEYS", [*settings.ENCRYPTION_KEYS, OTHER]),
    "WEBHOOK_SECRET": lambda settings: setattr(settings, "WEBHOOK_SECRETS", [OTHER]),
    "DEFAULT_FROM_EMAIL": lambda settings: setattr(settings, "DEFAULT_FROM_EMAIL", "another@board.example"),
    "PORTAL_BASE_URL": lambda settings: setattr(settings, "PORTAL_BASE_URL", "https://elsewhere.example"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_other_keys_sender_or_address_than_agreed_make_unready_until_somebody_agrees(
    settings: Settings, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    CHANGES[name](settings)
    assert ready() == 503
    assert name in caplog.text
    assert OTHER not in caplog.text
    out = StringIO()
    call_command("agree_settings", stdout=out)
    assert name in out.getvalue()
    assert OTHER not in out.getvalue()
    assert ready() == 200
    assert agree() == []


def test_nobody_is_ready_before_anything_was_agreed_on() -> None:
    Agreed.objects.all().delete()
    assert ready() == 503


def test_keys_change_one_process_after_the_other(settings: Settings) -> None:
    """The new key is made known to all, then put in front, then the old one is dropped: at no step is anybody unready."""

    def with_keys(*keys: str) -> bool:
        settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = keys[0], list(keys[1:])
        return "SECRET_KEY" not in differing()

    assert not with_keys(OLD)
    agree()
    for before, after in (((OLD,), (OLD, NEW)), ((OLD, NEW), (NEW, OLD)), ((NEW, OLD), (NEW,))):
        assert with_keys(*after), "the new process, while the others run"
        agree()
        assert with_keys(*before), "the others, once it was agreed on"
    assert with_keys(NEW)
    assert not with_keys(OLD)
    assert not with_keys(OTHER, NEW, OLD), "what it writes nobody could read"


def test_a_portal_on_loopback_may_have_several_addresses(settings: Settings) -> None:
    for url in ("http://127.0.0.1:8001", "http://127.0.0.1:8002", "http://localhost:8000"):
        settings.PORTAL_BASE_URL = url
        assert "PORTAL_BASE_URL" not in differing()


@pytest.mark.parametrize(("kind", "names"), [("production", ["SECRET_KEY"]), ("demo", [])])
def test_migrating_agrees_on_what_is_new_and_changes_nothing_in_production(settings: Settings, kind: str, names: list[str]) -> None:
    settings.PORTAL_ENV, settings.SECRET_KEY = kind, OTHER
    Agreed.objects.filter(name="WEBHOOK_SECRET").delete()
    call_command("migrate", "readiness", verbosity=0)
    assert differing() == names
