"""Typed readers of the environment. Each problem is collected, so that a refusal to start names all of them at once."""

import math
import os
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_SHORTEST_KEY = 40
_FEWEST_BITS = 128
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_Value = TypeVar("_Value")


@dataclass
class Environment:
    """What the environment says, and what is wrong with it."""

    kind: str = field(default_factory=lambda: os.environ.get("PORTAL_ENV", "").strip() or "production")
    problems: list[str] = field(default_factory=list)

    @property
    def production(self) -> bool:
        """Say whether nothing may be missing or weak."""
        return self.kind == "production"

    def text(self, name: str, default: str = "", *, needed: bool = False) -> str:
        """Return a variable, or what stands in the file that NAME_FILE names; note a problem when production needs it and it is missing."""
        value = self._said(name)
        if needed and self.production and not value:
            self.problems.append(f"{name} is missing")
        return value or default

    def _said(self, name: str) -> str:
        """Read the variable itself, or the file in which a vault or Docker keeps it, so that it stands in no list of processes."""
        value, path = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
        if value and path:
            self.problems.append(f"{name} and {name}_FILE are both set: keep one")
        if value or not path:
            return value
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):  # its own words may quote a secret
            self.problems.append(f"{name}_FILE cannot be read")
            return ""

    def words(self, name: str, default: str = "", *, needed: bool = False) -> list[str]:
        """Return a comma-separated list."""
        return [word.strip() for word in self.text(name, default, needed=needed).split(",") if word.strip()]

    def flag(self, name: str) -> bool:
        """Return whether a switch is on; anything but a plain yes or no is noted."""
        value = self.text(name).lower()
        if value not in {"", "0", "1", "no", "yes", "false", "true"}:
            self.problems.append(f"{name} must be yes or no")
        return value in {"1", "yes", "true"}

    def keys(self, name: str, default: str, *, needed: bool = True) -> list[str]:
        """Return a list of secret keys, first one current; production refuses short or guessable ones, and the public default."""
        keys = self.words(name, "" if self.production else default, needed=needed)
        if self.production and any(weak(key) or key == default for key in keys):
            self.problems.append(f"{name} is weak: use at least {_SHORTEST_KEY} random characters")
        return keys

    def address(self, name: str, default: str, read: Callable[[str], _Value]) -> _Value:
        """Return what a reader makes of an address that production needs; what the reader refuses is noted like the rest."""
        value = self.text(name, default, needed=True)
        try:
            return read(value)
        except ImproperlyConfigured as error:
            self.problems.append(f"{name} cannot be read: {error}")
        except ValueError:  # its own words may quote a password
            self.problems.append(f"{name} cannot be read: special characters in names and passwords are written as %XX")
        return read(default)

    def hosts(self) -> list[str]:
        """Return ALLOWED_HOSTS; outside production this machine itself always counts."""
        hosts = self.words("ALLOWED_HOSTS", needed=True)
        if self.production:
            if "*" in hosts:
                self.problems.append("ALLOWED_HOSTS must name the hosts, not *")
            return hosts
        testing = ["testserver"] if self.kind == "test" else []
        return [*hosts, "127.0.0.1", "localhost", "[::1]", *testing]

    def scanner(self, name: str) -> str:
        """Return the address of a scanner, `tcp://host:port` or `unix:///path`; anything else is noted."""
        url = self.text(name)
        parts = urlsplit(url)
        tcp = parts.scheme == "tcp" and parts.hostname and parts.netloc.rpartition(":")[2].isdigit()
        if url and not tcp and not (parts.scheme == "unix" and parts.path and not parts.netloc):
            self.problems.append(f"{name} must be like tcp://host:3310 or unix:///run/clamd.sock")
        return url

    def networks(self, name: str) -> list[str]:
        """Return a list of addresses or networks, such as `10.0.0.0/8`."""
        words = self.words(name)
        for word in words:
            try:
                ip_network(word)
            except ValueError as error:
                self.problems.append(f"{name} cannot be read: {error}")
        return words

    def base_url(self) -> str:
        """Return PORTAL_BASE_URL without a slash at its end; production wants https, but for loopback."""
        url = self.text("PORTAL_BASE_URL", f"http://127.0.0.1:{os.environ.get('PORT', '8000')}", needed=True).rstrip("/")
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
            self.problems.append("PORTAL_BASE_URL must be like https://portal.example, with no path")
        elif self.production and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            self.problems.append("PORTAL_BASE_URL must begin with https://")
        return url

    def refuse_when_wrong(self) -> None:
        """Raise `ImproperlyConfigured` naming every problem."""
        if self.kind not in {"demo", "production", "test"}:
            self.problems.append("PORTAL_ENV must be demo, production or test")
        if self.problems:
            raise ImproperlyConfigured("Portal does not start: " + "; ".join(self.problems) + ".")


def weak(key: str) -> bool:
    """Say whether a secret is too short, too uniform or too repetitive to be random."""
    counts = Counter(key)
    bits = -sum(n * math.log2(n / len(key)) for n in counts.values()) if key else 0.0
    repeats = key in (key + key)[1:-1]
    return len(key) < _SHORTEST_KEY or bits < _FEWEST_BITS or repeats or key.startswith("django-insecure-")
