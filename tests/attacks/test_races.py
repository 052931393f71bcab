"""A15, A25: the same code, and more guesses than are allowed, at the same instant; fifty rounds each on a real database, none may break."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

import argon2
import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse

from accounts.factors.recovery.flow import make_codes
from accounts.models import Code, Factor, Method, RecoveryCode, Session, User
from portal import limits
from portal.ratelimit import allow
from portal.ratelimit.models import Counter
from tests.attacks.doors import NEW, Post, by_mail, by_reset
from tests.attacks.strangers import WRONG, events, events_after, last_event, step_one
from tests.cast import PASSWORD, Cast, half_sign_in, make_cast, sign_in

pytestmark = pytest.mark.services
ROUNDS: Final = 50
CROWD: Final = 12

Together = Callable[..., list[Any]]


@pytest.fixture
def cast(server_db: None) -> Cast:
    """The cast, on a database that threads share for real."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    return make_cast()


@pytest.fixture
def together(cast: Cast) -> Iterator[Together]:
    """Do deeds at the same instant and return what each gave; the threads and their connections serve all rounds."""
    pool = ThreadPoolExecutor(CROWD)

    def at_once(*deeds: Callable[[], Any]) -> list[Any]:
        start = threading.Barrier(len(deeds))

        def one(deed: Callable[[], Any]) -> Any:
            start.wait(timeout=30)
            return deed()

        return list(pool.map(one, deeds))

    yield at_once
    at_once(*[connections.close_all] * CROWD)
    pool.shutdown()


@dataclass
class Stage:
    """Browsers and rows as they stood before a round, to be put back for the next one: only hashes make preparing dear."""

    clients: list[Client]

    def __post_init__(self) -> None:
        self._cookies = [client.cookies["portal_session"].value for client in self.clients]
        self._sessions = list(Session.objects.all())
        self._codes, self._recovery = list(Code.objects.all()), list(RecoveryCode.objects.all())

    def again(self) -> None:
        """Put everything back; no guess was ever made."""
        kept: tuple[tuple[Any, list[Any]], ...] = ((Session, self._sessions), (Code, self._codes), (RecoveryCode, self._recovery))
        for model, rows in kept:
            model.objects.all().delete()
            model.objects.bulk_create(rows)
        Counter.objects.all().delete()
        Factor.objects.update(last_step=0)
        for client, value in zip(self.clients, self._cookies, strict=True):
            client.cookies["portal_session"] = value


def posting(client: Client, name: str, fields: dict[str, str], *arguments: str) -> Callable[[], Any]:
    """Return the deed of sending a form; a copy of the browser each time, as another window would have it."""
    window = Client()
    window.cookies["portal_session"] = client.cookies["portal_session"].value
    return lambda: window.post(reverse(name, args=arguments), fields)


def gone_to(answers: list[Any], name: str) -> int:
    """Count the answers that lead to a page; none may be a server error."""
    assert all(answer.status_code < 500 for answer in answers)
    return sum(answer.headers.get("Location") == reverse(name) for answer in answers)


def saying(answers: list[Any], words: str) -> int:
    return sum(words in answer.content.decode() for answer in answers)


def test_a25_one_code_of_the_app_in_five_sessions_at_once_signs_in_once(cast: Cast, together: Together) -> None:
    stage = Stage([half_sign_in(cast.user) for _number in range(5)])
    for _round in range(ROUNDS):
        stage.again()
        before, code = last_event(), cast.user.app_code()
        answers = together(*[posting(client, "sign-in-factor", {"code": code}) for client in stage.clients])
        assert gone_to(answers, "home") == 1
        assert sorted(events_after(before)) == ["CODE_REFUSED"] * 4 + ["SIGNED_IN"]


def test_a25_one_mailed_code_in_five_windows_at_once_signs_in_once(cast: Cast, together: Together, post: Post) -> None:
    door = by_mail(cast.user, post)
    stage = Stage([door.client])
    for _round in range(ROUNDS):
        stage.again()
        before = last_event()
        answers = together(*[posting(door.client, "sign-in-factor", {"code": door.code})] * 5)
        assert gone_to(answers, "home") == 1
        assert events_after(before).count("SIGNED_IN") == 1
        assert not Code.objects.filter(spent_at=None).exists()


def test_a25_one_reset_code_with_five_passwords_at_once_sets_one(cast: Cast, together: Together, post: Post) -> None:
    door = by_reset(cast.user, post)
    stage = Stage([door.client])
    for _round in range(ROUNDS):
        stage.again()
        before = last_event()
        form = door.fields | {"code": door.code}
        answers = together(*[posting(door.client, "reset-password", form | {"new_password": f"{NEW} {number}"}) for number in range(5)])
        assert gone_to(answers, "sign-in") == 1
        assert events_after(before).count("PASSWORD_RESET") == 1
    winner = next(number for number, answer in enumerate(answers) if answer.status_code == 302)
    assert User.objects.get(pk=cast.user.user.pk).check_password(f"{NEW} {winner}")


def test_a25_one_recovery_code_in_two_sessions_at_once_signs_in_once(cast: Cast, together: Together) -> None:
    (code, *_others) = make_codes(user=cast.user.user, session=Client().session)
    stage = Stage([half_sign_in(cast.user) for _number in range(2)])
    for client in stage.clients:
        client.post(reverse("sign-in-factor"), {"way": "recovery"})
    stage = Stage(stage.clients)
    for _round in range(ROUNDS):
        stage.again()
        before = last_event()
        answers = together(*[posting(client, "sign-in-factor", {"code": code}) for client in stage.clients])
        assert gone_to(answers, "home") == 1
        assert events_after(before).count("RECOVERY_CODE_USED") == 1


def test_a15_of_twelve_codes_of_the_app_at_once_five_are_looked_at(cast: Cast, together: Together) -> None:
    """The right one comes last: it gets in among the first five or not at all."""
    stage = Stage([half_sign_in(cast.user) for _number in range(CROWD)])
    for _round in range(ROUNDS):
        stage.again()
        right = cast.user.app_code()
        wrong = "000000" if right != "000000" else "111111"
        codes = [wrong] * (CROWD - 1) + [right]
        answers = together(*[posting(client, "sign-in-factor", {"code": code}) for client, code in zip(stage.clients, codes, strict=True)])
        looked_at = saying(answers, "not correct or has expired") + gone_to(answers, "home")
        assert looked_at - gone_to(answers, "home") <= limits.P13_FACTOR_FAILURES_PER_5_MINUTES
        assert looked_at + saying(answers, "too many times") == CROWD
        assert looked_at >= limits.P13_FACTOR_FAILURES_PER_5_MINUTES
        assert Counter.objects.filter(seconds=86400, count__gt=limits.P13_FACTOR_FAILURES_PER_5_MINUTES).count() == 0


def test_a15_of_twelve_reset_codes_at_once_five_are_looked_at(cast: Cast, together: Together, post: Post) -> None:
    door = by_reset(cast.user, post)
    stage = Stage([door.client])
    form = {"email": "user@glan.example", "new_password": f"{NEW} 1"}
    codes = [f"{(int(door.code) + number) % 10**8:08d}" for number in range(1, CROWD)] + [door.code]
    for _round in range(ROUNDS):
        stage.again()
        before = last_event()
        answers = together(*[posting(door.client, "reset-password", form | {"code": code}) for code in codes])
        won = gone_to(answers, "sign-in")
        assert won <= 1
        assert events_after(before).count("CODE_REFUSED") == CROWD - won
        code = Code.objects.get(user=cast.user.user)
        assert code.tries_left == 0 or won, "each try was counted"
        assert not gone_to([posting(door.client, "reset-password", form | {"code": door.code})()], "sign-in"), "spent or dead"


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """A list that grows with each password that is looked at."""
    seen: list[None] = []
    verify = argon2.PasswordHasher.verify

    def counted(*arguments: Any, **named: Any) -> Any:
        seen.append(None)
        return verify(*arguments, **named)

    monkeypatch.setattr(argon2.PasswordHasher, "verify", counted)
    return seen


def test_a15_of_twelve_passwords_at_once_no_more_than_the_limit_are_looked_at(cast: Cast, together: Together, hashes: list[None]) -> None:
    """After eight wrong ones, so that fifty rounds need few hashes."""
    left = 2
    stage = Stage([step_one("user@glan.example") for _number in range(CROWD)])
    passwords = [f"{WRONG}{number}" for number in range(CROWD - 1)] + [PASSWORD]
    for _round in range(ROUNDS):
        stage.again()
        for _number in range(limits.P11_PASSWORD_FAILURES - left):
            allow.count_up("password", "user@glan.example", (limits.P11_PASSWORD_FAILURES, limits.P11_PAUSE_MINUTES * 60))
        del hashes[:]
        answers = together(
            *[posting(client, "sign-in-password", {"password": word}) for client, word in zip(stage.clients, passwords, strict=True)]
        )
        won = gone_to(answers, "sign-in-factor")
        assert won <= 1
        assert left <= len(hashes) <= left + won
        assert saying(answers, "Your email address or password is not correct") == CROWD - won
    assert events("PASSWORD_REFUSED") >= ROUNDS * (CROWD - 1), "each leaves its event, looked at or not"


def test_a23_of_eight_present_passwords_at_once_five_are_looked_at_and_the_session_ends(
    cast: Cast, together: Together, hashes: list[None]
) -> None:
    client = sign_in(cast.user)
    Factor.objects.filter(user=cast.user.user).exclude(method=Method.APP).delete()
    stage = Stage([client])
    for _round in range(ROUNDS):
        stage.again()
        del hashes[:]
        deeds = [posting(client, "confirm", {"current_password": f"{WRONG}{number}"}, "password") for number in range(8)]
        answers = together(*deeds)
        assert all(answer.status_code < 500 for answer in answers)
        assert len(hashes) <= limits.P8_CODE_TRIES
        assert not Session.objects.filter(user=cast.user.user).exists()
