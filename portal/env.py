"""Typed readers of the environment. Each problem is collected, so that a refusal to start names all of them at once."""

import math
import os
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY = 40
_FEWEST_BITS = 128


@dataclass
class Environment:
    """What the environment says, and what is wrong with it."""

    kind: str = field(default_factory=lambda: os.environ.get("PORTAL_ENV", "production"))
    problems: list[str] = field(default_factory=list)

    @property
    def production(self) -> bool:
        """Say whether nothing may be missing or weak."""
        return self.kind == "production"

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        """Return a variable; note a problem when production needs it and it is missing."""
        value = os.environ.get(name, "").strip()
        if needed and self.production and not value:
            self.problems.append(f"{name} is missing")
        return value or default

    def words(self, name: str, default: str = "", *, needed: bool = False) -> list[str]:
        """Return a comma-separated list."""
        return [word.strip() for word in self.text(name, default, needed=needed).split(",") if word.strip()]

    def keys(self, name: str, default: str, *, needed: bool = True) -> list[str]:
        """Return a list of secret keys, first one current; production refuses short or guessable ones."""
        keys = self.words(name, default, needed=needed)
        if self.production and any(weak(key) for key in keys):
            self.problems.append(f"{name} is weak: use at least {_SHORTEST_KEY} random characters")
        return keys

    def base_url(self) -> str:
        """Return PORTAL_BASE_URL without a slash at its end; production wants https, but for loopback."""
        url = self.text("PORTAL_BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}", needed=True)
        parts = urlsplit(url)
        loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if self.production and not (parts.scheme == "https" or (parts.scheme == "http" and loopback)):
            self.problems.append("PORTAL_BASE_URL must begin with https://")
        return url.rstrip("/")

    def refuse_when_wrong(self) -> None:
        """Raise `ImproperlyConfigured` naming every problem."""
        if self.kind not in {"demo", "production", "test"}:
            self.problems.append("PORTAL_ENV must be demo, production or test")
        if self.problems:
            raise ImproperlyConfigured("Portal does not start: " + "; ".join(self.problems) + ".")


def weak(key: str) -> bool:
    """Say whether a secret is too short or too uniform to be random."""
    counts = Counter(key)
    bits = -sum(n * math.log2(n / len(key)) for n in counts.values()) if key else 0.0
    return len(key) < _SHORTEST_KEY or bits < _FEWEST_BITS or key.startswith("django-insecure-")


def database(url: str) -> dict[str, Any]:
    """Return Django's settings for `postgres://user:password@host:port/name` or `sqlite:///path`."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": parts.path[1:] if parts.path.startswith("//") else parts.path.removeprefix("/"),
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite:///")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(parse_qsl(parts.query)),
    }
