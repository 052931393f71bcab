"""Somebody who signs in every second: what people notice of a fault."""

import base64
import http
import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from django_otp.oath import hotp

from bench.faults.stack import Stack

PEOPLE: Final = 60
PASSWORD: Final = "velvet compass 31"  # noqa: S105
_SEED: Final = base64.b32encode(b"a key of twenty byte").decode()
_STEP_SECONDS: Final = 30
_OK: Final = 200
_MAKE: Final = """
from accounts.models import Factor, User
from django.contrib.auth.hashers import make_password
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre
from permissions.roles import Role
hashed = make_password({password!r})
centre, _made = Centre.objects.get_or_create(number="68997", defaults=dict(name="Ysgol"))
for number in range({people}):
    person = User.objects.create(email=f"{method}{{number}}@ysgol.example", first_name="Nia", last_name="Jones", password=hashed)
    Factor.objects.create(user=person, method="{method}", name="{method}", confirmed=True, seed={seed!r})
    accept(membership=open_membership(centre=centre, role=Role.USER), user=person)
"""


class _Refused(Exception):
    """An answer that ends a sign-in: where, and its status."""


@dataclass
class Visitor:
    """Signs people in, one after another, and notes seconds and statuses.

    By "email" up to the code that is mailed; by "app" to the end, each person for the first time, so that nothing is mailed.
    """

    stack: Stack
    method: str = "email"
    slowest: float = 0
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    _number: int = 0

    def prepare(self) -> None:
        """Make the people and wait for the web process."""
        seed = _SEED if self.method == "app" else ""
        self.stack.manage("shell", "-v", "0", "-c", _MAKE.format(password=PASSWORD, people=PEOPLE, method=self.method, seed=seed))
        for _try in range(600):
            if self.status("/live") == _OK:
                return
            time.sleep(0.1)
        raise SystemExit("the web process did not start\n" + self.stack.logs())

    def status(self, path: str) -> int:
        """Return the status of a page, 0 when nobody answers."""
        try:
            return self._ask({}, "GET", path)[0]
        except OSError:
            return 0

    def begin(self) -> None:
        """Forget what was, and sign in once a second until `finish`."""
        self.seconds.clear()
        self.errors.clear()
        self.slowest = 0
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._visit, daemon=True)
        self._thread.start()

    def finish(self) -> None:
        """Stop."""
        self._closing.set()
        self._thread.join(60)

    def p95(self) -> float:
        """Return the seconds that 95 of 100 sign-ins took at most."""
        return sorted(self.seconds)[int(len(self.seconds) * 0.95)] if self.seconds else 0.0

    def _visit(self) -> None:
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._sign_in(f"{self.method}{self._number % PEOPLE}@ysgol.example")
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(type(error).__name__)
            except _Refused as refused:
                self.errors.append(str(refused))
            self.seconds.append(time.monotonic() - began)
            self._number += 1
            self._closing.wait(max(0.0, 1 - (time.monotonic() - began)))

    def _sign_in(self, email: str) -> None:
        cookies: dict[str, str] = {}
        page = self._good(cookies, "GET", "/sign-in/")
        self._good(cookies, "POST", "/sign-in/", page, email=email)
        page = self._good(cookies, "GET", "/sign-in/password/")
        self._good(cookies, "POST", "/sign-in/password/", page, password=PASSWORD)
        page = self._good(cookies, "GET", "/sign-in/code/")
        if self.method == "app":
            code = f"{hotp(base64.b32decode(_SEED), int(time.time()) // _STEP_SECONDS):06d}"
            self._good(cookies, "POST", "/sign-in/code/", page, code=code)
            status, _text = self._ask(cookies, "GET", "/")
            if status != _OK:
                raise _Refused(f"/ {status}")

    def _good(self, cookies: dict[str, str], method: str, path: str, page: str = "", **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token:
            fields["csrfmiddlewaretoken"] = token[1]
        status, text = self._ask(cookies, method, path, urlencode(fields))
        if status >= http.HTTPStatus.BAD_REQUEST:
            raise _Refused(f"{path} {status}")
        return text

    def _ask(self, cookies: dict[str, str], method: str, path: str, body: str = "") -> tuple[int, str]:
        began = time.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self.stack.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
        if method == "POST":
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body if method == "POST" else None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.partition(";")[0].partition("=")
            cookies[name] = value
        connection.close()
        self.slowest = max(self.slowest, time.monotonic() - began)
        return answer.status, text
