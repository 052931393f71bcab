"""Somebody who signs in every second, up to the code that is mailed: what people notice of a fault."""

import http.client
import re
import threading
import time
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlencode

from bench.faults.stack import Stack

PEOPLE: Final = 60
PASSWORD: Final = "velvet compass 31"  # noqa: S105
_MAKE: Final = f"""
from accounts.models import Factor, User
from django.contrib.auth.hashers import make_password
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre
from permissions.roles import Role
hashed = make_password({PASSWORD!r})
centre = Centre.objects.create(number="68997", name="Ysgol")
for number in range({PEOPLE}):
    person = User.objects.create(email=f"v{{number}}@ysgol.example", first_name="Nia", last_name="Jones", password=hashed)
    Factor.objects.create(user=person, method="email", name="email", confirmed=True)
    accept(membership=open_membership(centre=centre, role=Role.USER), user=person)
"""


@dataclass
class Visitor:
    """Signs people in, one after another, and notes seconds and statuses."""

    stack: Stack
    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def prepare(self) -> None:
        """Make the people and wait for the web process."""
        self.stack.manage("shell", "-v", "0", "-c", _MAKE)
        for _try in range(600):
            if self.status("/live") == 200:
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
        """Sign in once a second until `finish`."""
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
        number = 0
        while not self._closing.is_set():
            began = time.monotonic()
            try:
                self._sign_in(f"v{number % PEOPLE}@ysgol.example")
            except (OSError, http.client.HTTPException) as error:
                self.errors.append(type(error).__name__)
            self.seconds.append(time.monotonic() - began)
            number += 1
            self._closing.wait(max(0.0, 1 - (time.monotonic() - began)))

    def _sign_in(self, email: str) -> None:
        cookies: dict[str, str] = {}
        page = self._good(cookies, "GET", "/sign-in/")
        self._good(cookies, "POST", "/sign-in/", page, email=email)
        page = self._good(cookies, "GET", "/sign-in/password/")
        self._good(cookies, "POST", "/sign-in/password/", page, password=PASSWORD)
        self._good(cookies, "GET", "/sign-in/code/")

    def _good(self, cookies: dict[str, str], method: str, path: str, page: str = "", **fields: str) -> str:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        if token:
            fields["csrfmiddlewaretoken"] = token[1]
        status, text = self._ask(cookies, method, path, urlencode(fields))
        if status >= 400:
            self.errors.append(f"{path} {status}")
        return text

    def _ask(self, cookies: dict[str, str], method: str, path: str, body: str = "") -> tuple[int, str]:
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
        return answer.status, text
