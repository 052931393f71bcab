"""What the environment must say before the Portal starts (contract.md, Environment; A138)."""

import os
import secrets
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STRONG = {
    "PORTAL_ENV": "production",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ENCRYPTION_KEYS": secrets.token_urlsafe(48),
    "WEBHOOK_SECRET": secrets.token_urlsafe(48),
    "DATABASE_URL": "sqlite:///:memory:",
    "EMAIL_URL": "smtp://mail.example:25",
    "SMS_URL": "json://sms.example/",
    "PORTAL_BASE_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
}


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """Run `manage.py check` in an environment and nothing else."""
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_when_everything_is_said_and_strong() -> None:
    done = start(**STRONG)
    assert done.returncode == 0, done.stderr


def test_production_names_everything_that_is_missing_at_once() -> None:
    done = start()
    assert done.returncode != 0
    for name in STRONG.keys() - {"PORTAL_ENV"}:
        assert f"{name} is missing" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORTAL_ENV", "staging"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 64),
        ("SECRET_KEY", "only-for-demo-and-tests-never-for-real-people-0123456789"),
        ("ENCRYPTION_KEYS", "Zq8v1N4mT7yXw2Lk9PdRb6HsGf3JcUeA0oKiV5tY,short"),
        ("WEBHOOK_SECRET", "0123456789" * 4),
        ("ALLOWED_HOSTS", "portal.example,*"),
        ("PORTAL_BASE_URL", "http://portal.example"),
        ("PORTAL_BASE_URL", "https://portal.example/under/a/path"),
        ("PORTAL_BASE_URL", "portal.example"),
        ("TRUSTED_PROXIES", "10.0.0.1/8"),
        ("DATABASE_URL", "mysql://portal@db/portal"),
        ("DATABASE_URL", "postgres://portal:portal@db/portal"),
        ("DATABASE_URL", "postgres://portal:Postgres@db/portal"),
        ("EMAIL_URL", "carrier-pigeon://coop"),
        ("EMAIL_URL", "postmark://"),
        ("SMS_URL", "no-such-gateway://x"),
    ],
)
def test_production_refuses_what_is_weak_or_wrong(name: str, value: str) -> None:
    done = start(**STRONG | {name: value})
    assert done.returncode != 0
    assert name in done.stderr


def test_a_refusal_never_quotes_a_password() -> None:
    done = start(**STRONG | {"DATABASE_URL": "postgres://portal:left#right@db:5432/portal", "EMAIL_URL": "smtp://user:l/r@mail.example"})
    assert done.returncode != 0
    assert "left" not in done.stderr
    assert "user:l" not in done.stderr


def test_secrets_may_stand_in_files(tmp_path: Path) -> None:
    """As a vault or Docker puts them there; what cannot be read, or is said twice, stops the start without a word of it."""
    kept = tmp_path / "key"
    kept.write_text(STRONG["SECRET_KEY"] + "\n")
    without = {name: value for name, value in STRONG.items() if name != "SECRET_KEY"}
    done = start(**without, SECRET_KEY_FILE=str(kept))
    assert done.returncode == 0, done.stderr
    done = start(**without, SECRET_KEY_FILE=str(tmp_path / "none"))
    assert done.returncode != 0
    assert "SECRET_KEY_FILE cannot be read" in done.stderr
    done = start(**STRONG, SECRET_KEY_FILE=str(kept))
    assert done.returncode != 0
    assert "SECRET_KEY and SECRET_KEY_FILE are both set" in done.stderr
    assert STRONG["SECRET_KEY"] not in done.stderr
    kept.write_text("short")
    assert "SECRET_KEY is weak" in start(**without, SECRET_KEY_FILE=str(kept)).stderr


def test_plain_http_is_for_this_machine_only() -> None:
    done = start(**STRONG | {"PORTAL_BASE_URL": "http://127.0.0.1:8000"})
    assert done.returncode == 0, done.stderr


def test_a_demonstration_needs_nothing() -> None:
    done = start(PORTAL_ENV="demo")
    assert done.returncode == 0, done.stderr


def test_f34_what_the_web_process_loaded_is_not_searched_for_rubbish_again() -> None:
    """A full search holds up everybody in the process for 50 ms."""
    told = "assert 'services.urls' in sys.modules; print(gc.get_freeze_count() > 100_000, len(gc.get_objects(generation=2)) < 10_000)"
    done = subprocess.run(
        [sys.executable, "-c", f"import gc, sys, portal.wsgi; {told}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **STRONG},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split() == ["True", "True"]
