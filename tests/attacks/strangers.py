"""What a stranger sees and what an answer costs, to be compared: everything but the tokens that are new each time."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import argon2
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.freeze.flow import freeze_own
from accounts.helpdesk.flow import suspend
from accounts.invites.flow import withdraw
from accounts.models import Factor, Invitation, Method, User
from accounts.passwords import checking
from accounts.people.delete import delete_member
from permissions.centres.flow import freeze as freeze_centre
from permissions.roles import Role
from portal import clock
from portal.audit.models import AuditEvent
from portal.ratelimit import allow
from tests.cast import PASSWORD, Cast, Person, invite, make_centre, make_member, make_person

WRONG: Final = "not the password 1"
_NEW_EACH_TIME: Final = (
    (re.compile(r'(name="csrfmiddlewaretoken" value=")\w{64}"'), r'\1TOKEN"'),
    (re.compile(r'nonce(=")[\w+/=-]{20,30}"'), r'nonce\1NONCE"'),
    (re.compile(r"'nonce-[\w+/=-]{20,30}'"), "'nonce-NONCE'"),
    (re.compile(r"\w{3}, \d\d \w{3} \d{4} [\d:]{8} GMT"), "DATE"),
)


@dataclass(frozen=True)
class Seen:
    """An answer without what is new each time: status, headers, cookies with their attributes and lengths, body."""

    status: int
    headers: tuple[tuple[str, str], ...]
    cookies: tuple[tuple[str, int, str], ...]
    body: str


def seen(answer: Any, *typed: str) -> Seen:
    """Return an answer as a stranger can compare it with another; `typed` is what they gave themselves, and ids they were shown."""

    def plain(text: str) -> str:
        for pattern, instead in _NEW_EACH_TIME:
            text = pattern.sub(instead, text)
        for own in typed:
            text = text.replace(own, "OWN")
        return text

    headers = sorted((name, plain(value)) for name, value in answer.headers.items())
    cookies = sorted(
        (morsel.key, len(morsel.value), plain(morsel.OutputString()).replace(morsel.value, "")) for morsel in answer.cookies.values()
    )
    return Seen(answer.status_code, tuple(headers), tuple(cookies), plain(answer.content.decode()))


def step_one(email: str, client: Client | None = None, **extra: Any) -> Client:
    """Give an address on page one."""
    browser = client or Client()
    browser.post(reverse("sign-in"), {"email": email}, **extra)
    return browser


def give_password(client: Client, password: str = WRONG, **extra: Any) -> Any:
    """Give a password on page two."""
    return client.post(reverse("sign-in-password"), {"password": password}, **extra)


def events(kind: str, **fields: Any) -> int:
    """Count the events of a kind."""
    return AuditEvent.objects.filter(kind=kind, **fields).count()


def fill(name: str, key: str, count: int, *rules: tuple[int, int]) -> None:
    """Let a counter stand as if so much had been counted; the counting itself has tests of its own."""
    for _number in range(count):
        allow.count_up(name, key, *rules)


def last_event() -> int:
    """Return the key of the newest event, to look for those that follow."""
    return AuditEvent.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def events_after(pk: int) -> list[str]:
    """Return the kinds of the events after one."""
    return list(AuditEvent.objects.filter(pk__gt=pk).order_by("pk").values_list("kind", flat=True))


@dataclass
class Cost:
    """What an answer took: hash checks (nearly all of its time) and statements."""

    hashes: int = 0
    statements: int = 0


@contextmanager
def cost(monkeypatch: Any) -> Iterator[Cost]:
    """Count Argon2 computations and statements while something is asked."""
    found = Cost()
    verify, compute = argon2.PasswordHasher.verify, argon2.low_level.hash_secret

    def counting(deed: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            found.hashes += 1
            return deed(*arguments, **named)

        return counted

    with monkeypatch.context() as patch, CaptureQueriesContext(connection) as queries:
        patch.setattr(argon2.PasswordHasher, "verify", counting(verify))
        patch.setattr(argon2.low_level, "hash_secret", counting(compute))
        yield found
    found.statements = len(queries)


def only_by(person: Person, method: Method, **details: Any) -> Factor:
    """Let somebody prove themselves by one method alone."""
    Factor.objects.filter(user=person.user).delete()
    return Factor.objects.create(user=person.user, method=method, name=method.value, confirmed=True, **details)  # type: ignore[no-any-return]


def dearer(person: Person) -> None:
    """Give somebody a hash of another cost than today's."""

    class Dear(Argon2PasswordHasher):
        memory_cost, time_cost, parallelism = 25_600, 1, 1

    User.objects.filter(pk=person.user.pk).update(password=Dear().encode(PASSWORD, Dear().salt()))
    checking.forget_costs()


def everybody(cast: Cast) -> dict[str, str]:
    """Make an account in each state there is; returns their addresses, all of one length, by the state's name."""
    officer = cast.exams_officer
    found: dict[str, str] = {}

    def address(state: str) -> str:
        found[state] = f"s{len(found):02d}@glan.example"
        return found[state]

    def member(state: str, **details: Any) -> Person:
        return make_member(cast.centre, Role.USER, address(state), **details)

    address("unknown")
    member("known")
    member("Welsh", language="cy")
    only_by(member("by text"), Method.SMS, number="+447700900123")
    only_by(member("by e-mail"), Method.EMAIL)
    only_by(member("by passkey"), Method.PASSKEY, credential="c", public_key="k")
    Factor.objects.filter(user=member("without a method").user).delete()
    member("under the hold", held_until=clock.now())
    make_person(address("staff"), is_staff=True)
    suspend(actor=cast.staff.user, person=member("suspended").user)
    freeze_own(user=member("frozen").user)
    delete_member(actor=officer.user, membership=member("deleted").membership)
    invite(cast.other_exams_officer, member("invited elsewhere too").user.email)
    invite(officer, address("invited"))
    withdraw(actor=officer.user, invitation=invite(officer, address("withdrawn")))
    Invitation.objects.filter(pk=invite(officer, address("expired")).pk).update(expires_at=clock.now())
    asleep = make_centre("68003", "Ysgol y Cwsg")
    sleeper = make_member(asleep, Role.EXAMS_OFFICER, address("of a frozen centre"))
    invite(sleeper, address("invited by a frozen centre"))
    freeze_centre(actor=cast.staff.user, centre=asleep)
    return found
