"""Read DATABASE_URL: `postgres://user:password@host:port/name`, with several `host:port` where a standby may take over, or `sqlite:///path`."""

from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal import limits

_SHORTEST_PATIENCE: Final = 2  # seconds; the driver takes no shorter one
_SQLITE: Final = {
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}
# The driver asks each host in turn and takes the one that may be written: nobody ever reads from a copy that lags behind (F33).
_ONLY_PRIMARY: Final = "read-write"
# A server that vanished without a farewell, power and all, is given up within these seconds; a statement's own limit ends on the server's side.
_VANISHED: Final = {
    "keepalives_idle": str(limits.F33_SILENT_SECONDS // 4),
    "keepalives_interval": str(limits.F33_SILENT_SECONDS // 4),
    "keepalives_count": "3",
    "tcp_user_timeout": str(limits.F33_SILENT_SECONDS * 1000),
}
_GUESSED_FIRST: Final = frozenset({"postgres", "password", "portal", "secret", "admin", "changeme", "change-me", "example"})


def sqlite(path: Path) -> str:
    """Return the address of a database file, whatever characters stand in its path."""
    return f"sqlite:///{quote(str(path))}"


def read(url: str, *, production: bool, statement_seconds: int) -> dict[str, Any]:
    """Return Django's settings for a database.

    A relative SQLite path counts from the working directory. `statement_seconds` is how long PostgreSQL may work on one statement, 0 for
    as long as it takes, as a migration may; nothing waits longer than P24 for a lock. The address's own query (`?sslmode=require`) is handed
    to the driver.

    Raises `ImproperlyConfigured` for another kind of database, for a wish to read from a standby (F33), and in production for a password
    that everybody tries first (A138); `ValueError` for a port that is no number.
    """
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {"ENGINE": "django.db.backends.sqlite3", "NAME": unquote(parts.path[1:]) or ":memory:", "OPTIONS": dict(_SQLITE)}
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("it must begin with postgres:// or sqlite:///")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if production and password and password.lower() in _GUESSED_FIRST | {user.lower()}:
        raise ImproperlyConfigured("its password is one that everybody tries first")
    hosts, ports = _hosts(parts.netloc.rpartition("@")[2])
    patience = max(_SHORTEST_PATIENCE, limits.P24_CONNECT_SECONDS // max(1, len(hosts)))
    given = dict(parse_qsl(parts.query))
    if given.get("target_session_attrs", _ONLY_PRIMARY) not in {_ONLY_PRIMARY, "primary"}:
        raise ImproperlyConfigured("the Portal reads from the primary only: leave target_session_attrs out")
    options: dict[str, Any] = {"connect_timeout": str(patience), "target_session_attrs": _ONLY_PRIMARY, **_VANISHED, **given}
    timeouts = f"-c lock_timeout={limits.P24_LOCK_SECONDS}s" + (f" -c statement_timeout={statement_seconds}s" if statement_seconds else "")
    options["options"] = f"{given.get('options', '')} {timeouts}".strip()
    return {
        "ENGINE": "portal.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": user,
        "PASSWORD": password,
        "HOST": ",".join(hosts),
        "PORT": ",".join(ports) if any(ports) else "",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }


def _hosts(place: str) -> tuple[list[str], list[str]]:
    """Return the hosts and ports of `host:port,host:port`, an IPv6 address in brackets. Raises `ValueError`."""
    found = [urlsplit(f"//{one}") for one in place.split(",") if one]
    return [one.hostname or "" for one in found], [str(one.port or "") for one in found]
