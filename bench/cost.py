"""What a home page, a whole sign-in and the pages of results cost, in units of one bare Django view (issues 1 and 6, How it is judged).

    python -m bench.cost postgres://postgres@127.0.0.1:5432/postgres

Makes two databases beside the one named, runs Portal and a bare site under gunicorn, counts the processor time of each server's worker, and
drops the databases. Targets: home at most 2.5 bare views, sign-in with TOTP (the hash taken out) at most 12, the page of candidates at most 3
(`bench.page_cost`).
"""

import http.client
import os
import re
import secrets
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psycopg

from bench import page_cost

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 5
VIEWS = 400
SIGN_INS = 40


@dataclass
class Site:
    """A server of one worker, and a browser's cookies."""

    application: str
    settings: str
    database: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        return os.environ | {
            "PORTAL_ENV": "test", "DJANGO_SETTINGS_MODULE": self.settings, "DATABASE_URL": self.database,
            "SECRET_KEY": _SECRET, "ENCRYPTION_KEYS": _SECRET, "WEBHOOK_SECRET": _SECRET, "EMAIL_URL": "smtp://127.0.0.1:9",
            "SMS_URL": "json://127.0.0.1:9/", "PORTAL_BASE_URL": f"http://127.0.0.1:{self.port}", "ALLOWED_HOSTS": "127.0.0.1",
        }  # fmt: skip

    def run(self, code: str) -> str:
        """Run some Python inside the site."""
        done = subprocess.run(
            [sys.executable, "-c", f"import django; django.setup()\n{code}"],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, check=True,
        )  # fmt: skip
        return done.stdout.strip()

    def start(self) -> None:
        """Start the server and wait for it."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", self.application, "--bind", f"127.0.0.1:{self.port}", "--workers", "1",
             "--worker-class", "gthread", "--threads", "1", "--log-level", "error"],
            cwd=ROOT, env=self.environment,
        )  # fmt: skip
        for _try in range(200):
            try:
                self.get("/live")
            except OSError:
                time.sleep(0.1)
            else:
                return
        raise SystemExit("the server did not start")

    def seconds(self) -> float:
        """Return the processor time of the worker so far."""
        assert self.process is not None
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        threads = Path(f"/proc/{children[0]}/task").glob("*/schedstat")  # in nanoseconds; the kernel's ticks are too coarse for a few views
        return sum(int(thread.read_text().split()[0]) for thread in threads) / 1e9

    def get(self, path: str) -> tuple[int, str, str]:
        """Open a page with the browser's cookies."""
        return self._ask("GET", path, "")

    def post(self, path: str, page: str, **fields: str) -> tuple[int, str, str]:
        """Send a form with the page's token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
        assert token, page[:500]
        return self._ask("POST", path, urlencode({"csrfmiddlewaretoken": token[1], **fields}))

    def _ask(self, method: str, path: str, body: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())} if self.cookies else {}
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, body or None, headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        for header in answer.headers.get_all("Set-Cookie") or []:
            name, _equals, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        connection.close()
        return answer.status, answer.headers.get("Location", ""), text


_SECRET = secrets.token_urlsafe(48)
_PASSWORD = "velvet compass 31"  # noqa: S105


def _cost(site: Site, deed: Callable[[], None], times: int) -> float:
    """Return the processor seconds of one deed, the median of the rounds."""
    found = []
    for _round in range(ROUNDS):
        before = site.seconds()
        for _time in range(times):
            deed()
        found.append((site.seconds() - before) / times)
    return statistics.median(found)


def _open(site: Site, path: str) -> Callable[[], None]:
    def deed() -> None:
        status, _location, text = site.get(path)
        assert status == 200, (status, text[:200])

    return deed


def _sign_in(site: Site, seed: str) -> Callable[[], None]:
    from accounts.factors.totp.rules import code_at, step_at

    def deed() -> None:
        site.cookies.clear()
        page = site.get("/sign-in/")[2]
        site.post("/sign-in/", page, email="eo@bench.example")
        page = site.get("/sign-in/password/")[2]
        assert site.post("/sign-in/password/", page, password=_PASSWORD)[1] == "/sign-in/code/"
        page = site.get("/sign-in/code/")[2]
        _forget_step(site)
        assert site.post("/sign-in/code/", page, code=code_at(seed, step_at(time.time())))[1] == "/"
        assert site.get("/")[0] == 200

    return deed


def _forget_step(site: Site) -> None:
    """Let the same step's code count again: the bench signs in more often than every 30 seconds."""
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute("UPDATE accounts_factor SET last_step = 0")


def main(server: str) -> None:
    """Measure and print."""
    base = server.rpartition("/")[0]
    names = ("portal_bench_ours", "portal_bench_bare")
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.execute(f"CREATE DATABASE {name}")
    ours = Site("portal.wsgi", "bench.light_hash", f"{base}/{names[0]}", 8391)
    bare = Site("bench.bare.site:application", "bench.bare.settings", f"{base}/{names[1]}", 8392)
    seed = ours.run(_OUR_PEOPLE)
    bare.cookies["sessionid"] = bare.run(_BARE_PEOPLE)
    for site in (ours, bare):
        site.start()
    journey = _sign_in(ours, seed)
    journey()
    for site in (bare, ours):
        _cost(site, _open(site, "/"), VIEWS // 4)
    unit, home, sign_in = _cost(bare, _open(bare, "/"), VIEWS), _cost(ours, _open(ours, "/"), VIEWS), 0.0
    sign_in = _cost(ours, journey, SIGN_INS)
    print(f"bare view          {unit * 1000:7.2f} ms   1.00")
    print(f"home page          {home * 1000:7.2f} ms   {home / unit:.2f}   (target 2.5)")
    alone = sign_in - home
    print(f"sign-in with TOTP  {alone * 1000:7.2f} ms   {alone / unit:.2f}   (target 12, hash taken out)")
    print(f"... and home page  {sign_in * 1000:7.2f} ms   {sign_in / unit:.2f}")
    page_cost.report(ours, bare)
    for site in (ours, bare):
        assert site.process is not None
        site.process.terminate()
        site.process.wait()
    with psycopg.connect(server, autocommit=True) as connection:
        for name in names:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


_OUR_PEOPLE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("collectstatic", interactive=False, verbosity=0)
from accounts.factors.totp.key import new_seed
from accounts.models import Factor, User
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre
from permissions.roles import Role
user = User.objects.create_user(email="eo@bench.example", password="{_PASSWORD}", first_name="Nia", last_name="Jones")
seed = new_seed()
Factor.objects.create(user=user, method="app", name="app", seed=seed, confirmed=True)
centre = Centre.objects.create(number="68001", name="Ysgol y Fainc")
accept(membership=open_membership(centre=centre, role=Role.EXAMS_OFFICER), user=user)
print(seed)
"""
_BARE_PEOPLE = """
from django.core.management import call_command
call_command("migrate", verbosity=0, run_syncdb=True)
from django.contrib.auth import SESSION_KEY, BACKEND_SESSION_KEY, HASH_SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
user = User.objects.create_user("nia", password="x")
session = SessionStore()
session[SESSION_KEY] = str(user.pk); session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash(); session.create()
print(session.session_key)
"""

if __name__ == "__main__":
    main(sys.argv[1])
