"""Measure whether answers, or their time, tell who has an account (A01, A03; test letter T of the specification).

    python -m bench.timing postgres://postgres@127.0.0.1:5432/postgres [redis://127.0.0.1:6379/12]

Makes a database beside the one named, runs the Portal on it under gunicorn in its production shape, and lets strangers (a fresh browser and
an address of their own each time) try accounts of every state: e-mail, wrong password, reset request, wrong reset code. 200 samples of each
state and step, interleaved by chance. For each pair of states it asks how well the time of an answer tells them apart: the area under the
curve of the best threshold classifier (Mann-Whitney), 0.5 is chance, over 0.6 fails. Such a pair is measured once more with fresh accounts,
since among some 200 pairs one is over 0.6 by chance now and then; it fails when it is over again. Statuses, names of headers and cookies,
lengths and bodies must be the same once tokens and the address are taken out.
"""

import hashlib
import http.client
import os
import random
import re
import statistics
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final
from urllib.parse import urlencode

import psycopg

from bench.cost import Site

DATABASE: Final = "portal_bench_timing"
PORT: Final = 8393
ACCOUNTS: Final = int(os.environ.get("TIMING_ACCOUNTS", "25"))
TRIES: Final = int(os.environ.get("TIMING_TRIES", "8"))
"""Fewer than the ten failures that begin a pause (P11) or lock an invite (P6)."""
FAILURES_TO_LOCK: Final = 10
LIMIT: Final = 0.6
PAUSED: Final = ("paused", "paused_unknown")
"""Whoever fails ten times begins the pause, account or not (A06): a wrong password answered sooner tells nothing but that, so these two are
compared with each other."""
STATES: Final[tuple[str, ...]] = (
    "active", "staff", "unknown", "invited", "expired", "suspended", "paused", "paused_unknown", "unusable", "dearer_hash", "cheaper_hash",
)  # fmt: skip
STEPS: Final = ("e-mail", "wrong password", "reset request", "wrong reset code")
WRONG: Final = "nobody's choice 55"
NEW: Final = "copper lighthouse 88"

Samples = dict[str, dict[str, list[float]]]
"""Seconds by step and state."""
Shapes = dict[str, dict[str, set[tuple[object, ...]]]]
"""What answers look like, by step and state."""


class TimedSite(Site):
    """The Portal in its production shape, believing the address that its proxy, we, names."""

    redis_url = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes see."""
        return super().environment | {"PORTAL_ENV": "production", "TRUSTED_PROXIES": "127.0.0.1", "REDIS_URL": self.redis_url}


@dataclass
class Visit:
    """A stranger in a fresh browser who tries one address."""

    email: str
    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    body: str = ""

    def ask(self, method: str, path: str, **fields: str) -> tuple[float, tuple[object, ...]]:
        """Open a page or send the form of the page just opened; returns the seconds of the answer and its shape."""
        headers = {"X-Forwarded-For": self.address, "X-Forwarded-Proto": "http", "User-Agent": "bench"}
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = None
        if method == "POST":
            token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.body)
            assert token, self.body[:500]
            sent = urlencode({"csrfmiddlewaretoken": token[1], **fields})
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        line = http.client.HTTPConnection("127.0.0.1", PORT, timeout=30)
        line.connect()
        begun = time.perf_counter()
        line.request(method, path, sent, headers)
        answer = line.getresponse()
        self.body = answer.read().decode()
        seconds = time.perf_counter() - begun
        line.close()
        set_now = answer.headers.get_all("Set-Cookie") or []
        for header in set_now:
            name, _equals, value = header.partition(";")[0].partition("=")
            self.cookies[name] = value
        plain = re.sub(r'nonce="[^"]*"', "", re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", self.body)).replace(
            self.email, "(address)"
        )
        shape = (
            answer.status, answer.headers.get("Location", ""), tuple(sorted(name.lower() for name in answer.headers)),
            tuple(sorted(header.partition("=")[0] for header in set_now)), len(self.body), len(plain), hashlib.sha256(plain.encode()).hexdigest()[:12],
        )  # fmt: skip
        return seconds, shape


def visit(email: str, address: str) -> list[tuple[float, tuple[object, ...]]]:
    """Go through all steps with one address; returns seconds and shape of each, the shape with that of the page it leads to."""
    stranger = Visit(email, address)
    found = []
    for path, fields in (
        ("/sign-in/", {"email": email}),
        ("/sign-in/password/", {"password": WRONG}),
        ("/forgot-password/", {"email": email}),
        ("/forgot-password/code/", {"email": email, "code": "00000000", "new_password": NEW}),
    ):
        stranger.ask("GET", path)
        seconds, shape = stranger.ask("POST", path, **fields)
        led_to = stranger.ask("GET", str(shape[1]))[1] if shape[0] == 302 else ()
        found.append((seconds, shape + led_to))
    return found


def measure(site: Site, batch: int, states: tuple[str, ...]) -> tuple[Samples, Shapes]:
    """Visit every account of some states so many times, in an order of chance."""
    samples: Samples = {step: defaultdict(list) for step in STEPS}
    shapes: Shapes = {step: defaultdict(set) for step in STEPS}
    chance = random.Random(batch)  # noqa: S311
    for state in ("paused", "paused_unknown"):
        for number in range(ACCOUNTS if state in states else 0):
            _lock(email_of(state, batch, number), chance)
    for _round in range(TRIES):
        order = [(state, number) for state in states for number in range(ACCOUNTS)]
        chance.shuffle(order)
        for state, number in order:
            for step, (seconds, shape) in zip(STEPS, visit(email_of(state, batch, number), _address(chance)), strict=True):
                samples[step][state].append(seconds)
                shapes[step][state].add(shape)
        _forget_resets(site)
    return samples, shapes


def email_of(state: str, batch: int, number: int) -> str:
    """Return an account's address; all are equally long, so that lengths can be compared as they are."""
    return f"s{STATES.index(state):02}b{batch}n{number:03}@timing.example"


def _address(chance: random.Random) -> str:
    return f"10.{chance.randrange(256)}.{chance.randrange(256)}.{chance.randrange(1, 255)}"


def _lock(email: str, chance: random.Random) -> None:
    stranger = Visit(email, _address(chance))
    stranger.ask("GET", "/sign-in/")
    stranger.ask("POST", "/sign-in/", email=email)
    for _failure in range(FAILURES_TO_LOCK):
        stranger.ask("GET", "/sign-in/password/")
        stranger.ask("POST", "/sign-in/password/", password=WRONG)


def _forget_resets(site: Site) -> None:
    """Let the next round ask for resets again (P14, P15); the quarter hours of wrong passwords stay (P11)."""
    with psycopg.connect(site.database, autocommit=True) as connection:
        connection.execute("DELETE FROM ratelimit_counter WHERE seconds IN (60, 3600, 86400)")
        connection.execute("DELETE FROM accounts_code")


def auc(one: list[float], other: list[float]) -> float:
    """Return how well a threshold on the time tells two samples apart, in its better direction: 0.5 not at all, 1 always."""
    ranked = sorted((value, group) for group, values in enumerate((one, other)) for value in values)
    values = [value for value, _group in ranked]
    total, at = 0.0, 0
    while at < len(values):
        end = at
        while end < len(values) and values[end] == values[at]:
            end += 1
        total += sum(group == 0 for _value, group in ranked[at:end]) * (at + end + 1) / 2
        at = end
    area = (total - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))
    return max(area, 1 - area)


def over(samples: Samples) -> dict[tuple[str, str, str], float]:
    """Return the pairs that time tells apart too well."""
    return {
        (step, one, other): area
        for step, of_state in samples.items()
        for one, other in combinations(of_state, 2)
        if (step != "wrong password" or (one in PAUSED) is (other in PAUSED)) and (area := auc(of_state[one], of_state[other])) > LIMIT
    }


def report(samples: Samples, shapes: Shapes) -> bool:
    """Print medians, the widest pair of each step, the check of the measure itself, and differing shapes; returns whether the shapes agree."""
    print(f"\n{'median ms':<16}" + "".join(f"{step:>18}" for step in STEPS))
    for state in (one for one in STATES if one in samples[STEPS[0]]):
        print(f"{state:<16}" + "".join(f"{statistics.median(samples[step][state]) * 1000:18.2f}" for step in STEPS))
    alike = True
    for step, of_state in samples.items():
        area, one, other = max((auc(of_state[a], of_state[b]), a, b) for a, b in combinations(of_state, 2))
        halves = max(auc(*_halves(values)) for values in of_state.values())
        print(f"{step:<16} widest pair {one} and {other}: AUC {area:.3f} (two halves of one state: up to {halves:.3f})")
        kinds = {state: found for state, found in shapes[step].items() if found != shapes[step]["unknown"]} if "unknown" in of_state else {}
        for state, found in kinds.items():
            alike = False
            print(
                f"   differs: {state}: {sorted(found - shapes[step]['unknown'])[:2]} and not {sorted(shapes[step]['unknown'] - found)[:2]}"
            )
    return alike


def _halves(values: list[float]) -> tuple[list[float], list[float]]:
    mixed = random.Random(len(values)).sample(values, len(values))  # noqa: S311
    return mixed[::2], mixed[1::2]


def main(server: str, redis_url: str = "redis://127.0.0.1:6379/12") -> int:
    """Measure and print; returns 1 when somebody could tell."""
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE {DATABASE}")
    site = TimedSite("portal.wsgi", "portal.settings", f"{server.rpartition('/')[0]}/{DATABASE}", PORT)
    site.redis_url = redis_url
    site.run(_MIGRATE)
    site.run(_PEOPLE)
    site.start()
    try:
        samples, shapes = measure(site, 0, STATES)
        alike = report(samples, shapes)
        first = over(samples)
        again: Samples = {}
        if first:
            suspects = tuple(state for state in STATES if any(state in key[1:] for key in first))
            print(f"\nonce more with fresh accounts: {', '.join(suspects)}")
            again = measure(site, 1, suspects)[0]
    finally:
        assert site.process is not None
        site.process.terminate()
        site.process.wait()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {DATABASE} WITH (FORCE)")
    told = False
    for (step, one, other), area in sorted(first.items(), key=lambda item: -item[1]):
        second = auc(again[step][one], again[step][other])
        if second > LIMIT:
            told = True
            print(f"   told apart: {step}: {one} and {other}: AUC {area:.3f}, then {second:.3f}")
    print(
        f"\n{'Fails' if told or not alike else 'Passes'}: {TRIES * ACCOUNTS} samples of each of {len(STATES)} states and {len(STEPS)} steps"
    )
    return int(told or not alike)


_MIGRATE: Final = """
from django.core.management import call_command
call_command("migrate", verbosity=0); call_command("collectstatic", interactive=False, verbosity=0)
"""
_PEOPLE: Final = """
from datetime import timedelta
from argon2 import PasswordHasher
from accounts.factors.totp.key import new_seed
from accounts.models import Factor, Invitation, User
from accounts.passwords import temporary
from bench.timing import ACCOUNTS, STATES, email_of
from permissions.membership.flow import accept, open_membership
from permissions.models import Centre
from permissions.roles import Role
from portal import clock
centre = Centre.objects.create(number="68001", name="Ysgol y Fainc")
def hashed(**cost):
    return "argon2" + PasswordHasher(**cost).hash("velvet compass 31")
dearer = hashed(time_cost=2, memory_cost=102400, parallelism=8)
cheaper = hashed(time_cost=1, memory_cost=8192, parallelism=1)
made = User(email="x@timing.example"); made.set_password("velvet compass 31")
made_temporary = temporary.make(); temporary_hash = temporary.hash_of(made_temporary.text)
for batch in (0, 1):
    for state in STATES:
        for number in range(ACCOUNTS):
            email = email_of(state, batch, number)
            if state in ("unknown", "paused_unknown"):
                continue
            membership = None if state == "staff" else open_membership(centre=centre, role=Role.USER)
            if state in ("invited", "expired"):
                ends = clock.now() + timedelta(days=30 if state == "invited" else -1)
                Invitation.objects.create(centre=centre, membership=membership, role=Role.USER, email=email, first_name="Nia", last_name="Jones",
                    selector=temporary.selector(made_temporary.text), password_hash=temporary_hash, expires_at=ends)
                continue
            password = dict(dearer_hash=dearer, cheaper_hash=cheaper, unusable="!" + "x" * 40).get(state, made.password)
            user = User.objects.create(email=email, password=password, first_name="Nia", last_name="Jones", is_active=state != "suspended",
                is_staff=state == "staff")
            Factor.objects.create(user=user, method="app", name="app", seed=new_seed(), confirmed=True)
            if membership is not None:
                accept(membership=membership, user=user)
print(User.objects.count())
"""

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
