"""Read DATABASE_URL: `postgres://user:password@host:port/name` or `sqlite:///path`."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal import limits

_SQLITE: Final = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
_GUESSED_FIRST: Final = frozenset({"postgres", "password", "portal", "secret", "admin", "changeme", "change-me", "example"})


def sqlite(path: Path) -> str:
    """Return the address of a database file, whatever characters stand in its path."""
    return f"sqlite:///{quote(str(path))}"


def read(url: str, *, production: bool, statement_seconds: int) -> dict[str, Any]:
    """Return Django's settings for a database.

    A relative SQLite path counts from the working directory. `statement_seconds` is how long PostgreSQL may work on one statement, 0 for
    as long as it takes; the address's own query (`?sslmode=require`) is handed to the driver.

    Raises `ImproperlyConfigured` for another kind of database, and in production for a password that everybody tries first (A138).
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:]) or ":memory:", "OPTIONS": dict(_SQLITE)}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("it must begin with postgres:// or sqlite:///")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if production and password and password.lower() in _GUESSED_FIRST | {user.lower()}:
        raise ImproperlyConfigured("its password is one that everybody tries first")
    options: dict[str, Any] = dict(parse_qsl(parts.query))
    if statement_seconds:
        options["options"] = f"-c statement_timeout={statement_seconds}s -c lock_timeout={limits.P24_LOCK_SECONDS}s"
    return {
        "ENGINE": "portal.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": user,
        "PASSWORD": password,
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
