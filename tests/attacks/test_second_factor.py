"""Getting past the second factor (A40-A53)."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from accounts.factors.resetting import reset_factors
from accounts.factors.totp.rules import code_at, step_at
from accounts.models import Factor, Invitation, KnownBrowser, Method, User
from portal import clock
from portal.outbox.models import Message
from tests.accounts.methods.fresh import add_factor, add_passkey, confirm
from tests.attacks.doors import NEW, by_app, by_mail, by_reset, code_among
from tests.attacks.strangers import events, give_password, only_by, step_one
from tests.cast import Cast, Person, half_sign_in, invite, sign_in, temporary_password_in
from tests.sweep.test_identities import GUARDED, _address

Post = Callable[[], list[EmailMultiAlternatives]]
START: Final = datetime(2026, 8, 13, 6, 55, tzinfo=UTC)
SETTING_UP: Final = ("factor-choose", "factor-app", "factor-sms", "factor-email", "factor-passkey")
METHODS: Final = ("get", "head", "post", "put", "patch", "delete", "options")


def protection(person: Person) -> tuple[Any, ...]:
    """Everything that protects an account."""
    factors = list(Factor.objects.filter(user=person.user).order_by("pk").values("method", "confirmed", "seed", "number", "is_default"))
    return (*factors, User.objects.values_list("password", "email", "phone").get(pk=person.user.pk), person.user.recovery_codes.count())


def nobody(client: Client) -> bool:
    """Say whether no page takes this browser for somebody signed in."""
    return client.get(reverse("home")).status_code == 302 and "_auth_user_id" not in client.session


@pytest.mark.parametrize("content_type", ["form", "application/json"])
def test_a40_half_signed_in_nothing_that_protects_the_account_opens(cast: Cast, content_type: str) -> None:
    """Every page of the Portal, by every method, with all the fields that set-up and change pages read."""
    add_factor(cast.user, Method.EMAIL)
    client = half_sign_in(cast.user)
    before = protection(cast.user)
    fields = {
        "method": "email",
        "agreed": "on",
        "send": "1",
        "code": "000000",
        "number": "07700900321",
        "new_password": NEW,
        "first_name": "E",
    }
    kept = client.cookies["portal_session"].value
    for name in sorted(GUARDED.keys() - {"sign-in", "sign-in-password", "sign-in-factor", "forgot-password", "reset-password", "freeze"}):
        for method in ("get", "post", "put") if content_type == "form" else ("post",):
            data: Any = fields if content_type == "form" and method == "post" else json.dumps(fields)
            kind = {} if content_type == "form" else {"content_type": content_type}
            answer = getattr(client, method)(_address(name, cast), data if method in {"post", "put", "patch"} else {}, **kind)
            assert answer.status_code < 500, (name, method)
            assert GUARDED[name][1].kind.value == "public" or answer.status_code in {302, 404, 405}, (name, method)
    assert protection(cast.user) == before
    assert client.cookies["portal_session"].value == kept
    assert nobody(client)
    assert client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})["Location"] == reverse("home"), (
        "the right way still leads in"
    )


@pytest.mark.parametrize("method", [Method.APP, Method.SMS, Method.EMAIL, Method.PASSKEY])
def test_a41_after_a_reset_the_second_factor_is_asked_and_unchanged(cast: Cast, post: Post, method: Method) -> None:
    details = {Method.SMS: {"number": "+447700900123"}, Method.PASSKEY: {"credential": "c", "public_key": "k"}}.get(method, {})
    if method is not Method.APP:
        only_by(cast.user, method, **details)
    before = protection(cast.user)[:-2]
    door = by_reset(cast.user, post)
    half = half_sign_in(cast.user)
    assert door.give(door.code)
    assert nobody(door.client)
    assert half.get(reverse("sign-in-factor"))["Location"] == reverse("sign-in"), "a sign-in under way ends too"
    client = step_one("user@glan.example", door.client)
    assert give_password(client, NEW)["Location"] == reverse("sign-in-factor")
    for name in SETTING_UP:
        assert client.post(reverse(name), {"method": "email", "agreed": "on", "send": "1"})["Location"] == reverse("sign-in-factor")
    assert protection(cast.user)[:-2] == before
    assert nobody(client)
    assert (events("PASSWORD_RESET"), events("SIGNED_IN")) == (1, 0)
    assert not door.give(door.code), "nor does the code work a second time"


def test_a41_a_reset_in_a_browser_where_somebody_else_is_signed_in_signs_nobody_in(cast: Cast, post: Post) -> None:
    door = by_reset(cast.user, post)
    sign_in(cast.admin, door.client)
    door.client.post(reverse("forgot-password"), {"email": "user@glan.example"})
    assert door.give(door.code)
    assert nobody(door.client)


def wander(client: Client) -> Iterator[Any]:
    """Do everything that might make a browser forget what it must do first."""
    yield client.post(reverse("language"), {"language": "cy", "next": reverse("home")})
    yield client.get(reverse("home"), {"lang": "cy"})
    yield client.post(reverse("sign-out"))
    yield client.get(reverse("signed-out"))
    yield client.get(reverse("sign-in"))
    yield client.get(reverse("sign-in-password"))
    yield client.post(reverse("sign-in-password"), {"password": ""})
    yield client.post(reverse("sign-in-factor"), {"code": "000000"})
    yield client.post(reverse("sign-in-factor"), {"way": "recovery"})
    yield client.get(reverse("forgot-password"))
    yield client.post(reverse("choose-centre"), {"membership": "x"})
    yield client.get(reverse("join-centre"))
    yield client.head(reverse("services"))


def test_a43_nothing_loses_the_duty_to_set_a_password(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "new@glan.example")
    secret = temporary_password_in(str(post()[-1].body))
    client = step_one("new@glan.example")
    assert give_password(client, secret)["Location"] == reverse("sign-in-set-password")
    for answer in wander(client):
        assert answer.status_code < 500
        assert client.get(reverse("home"))["Location"] == reverse("sign-in-set-password")
        assert client.get(reverse("factor-app"))["Location"] == reverse("sign-in-set-password")
    again = step_one("new@glan.example")
    assert give_password(again, secret)["Location"] == reverse("sign-in-set-password"), (
        "it opens that step and nothing else, as often as it is given"
    )
    assert not User.objects.filter(email="new@glan.example").exists()
    assert again.post(reverse("sign-in-set-password"), {"new_password": secret.replace("-", ""), "language": "en"}).status_code in {
        200,
        302,
    }
    assert Invitation.objects.get(email="new@glan.example").accepted_at is None or nobody(again)


def test_a43_nothing_loses_the_duty_to_set_up_a_method(cast: Cast) -> None:
    reset_factors(actor=cast.staff.user, person=cast.user.user, by="help_desk")
    client = half_sign_in(cast.user)
    for answer in wander(client):
        assert answer.status_code < 500
        assert client.get(reverse("home"))["Location"] == reverse("factor-choose")
        assert client.get(reverse("sign-in-factor"))["Location"] == reverse("factor-choose")
    assert nobody(client)
    other = half_sign_in(cast.user)
    assert other.get(reverse("home"))["Location"] == reverse("factor-choose"), "it stands in the database"
    for name in SETTING_UP[2:]:
        other.post(reverse(name), {"number": "07700900321", "agreed": "on", "verify": "1", "code": "000000", "credential": "{}"})
    assert nobody(other)
    assert not Factor.objects.filter(user=cast.user.user, confirmed=True).exists()


def test_a43_a_method_that_only_was_begun_is_none(cast: Cast) -> None:
    Factor.objects.filter(user=cast.user.user).update(confirmed=False)
    client = half_sign_in(cast.user)
    assert client.get(reverse("sign-in-factor"))["Location"] == reverse("factor-choose")
    assert nobody(client)


def test_a45_a_factor_proved_in_one_browser_counts_in_no_other(cast: Cast) -> None:
    first, second = half_sign_in(cast.user), half_sign_in(cast.user)
    assert first.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})["Location"] == reverse("home")
    assert nobody(second)
    assert second.get(reverse("home"))["Location"] == reverse("sign-in-factor")
    second.cookies["portal_browser"] = first.cookies["portal_browser"].value
    assert nobody(second), "the mark of the browser spares nothing"
    third = half_sign_in(cast.user, second)
    assert nobody(third)


@pytest.mark.parametrize("begin", ["address", "password"])
def test_a46_starting_as_somebody_else_wipes_what_was_proved(cast: Cast, begin: str) -> None:
    """Half signed in as User; then as Admin in the same browser, with the User's code, chosen way and next page."""
    add_factor(cast.user, Method.EMAIL)
    client = half_sign_in(cast.user)
    client.post(reverse("sign-in-factor"), {"way": "recovery"})
    client = step_one("admin@glan.example", client) if begin == "address" else half_sign_in(cast.admin, client)
    answer = client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
    if begin == "address":
        assert answer["Location"] == reverse("sign-in-password")
        assert events("CODE_REFUSED") == 0
    else:
        assert "The code you entered is not correct" in answer.content.decode(), "asked by the app, not by the way the User had chosen"
        assert events("CODE_REFUSED", subject_id=str(cast.admin.user.pk)) == 1
    assert nobody(client)
    if begin == "password":
        assert client.post(reverse("sign-in-factor"), {"code": cast.admin.app_code()})["Location"] == reverse("home")
        assert client.session["_auth_user_id"] == str(cast.admin.user.pk)


def test_a48_a_forged_swapped_or_old_mark_of_a_browser_is_worth_nothing(cast: Cast) -> None:
    own = sign_in(cast.user)
    mark = own.cookies["portal_browser"].value
    own.post(reverse("sign-out"))
    for forged in ("\x01", "a" * 32, mark.upper(), "x" * 4000, f"{mark};{mark}"):
        client = Client()
        client.cookies["portal_browser"] = forged
        client = half_sign_in(cast.user, client)
        assert nobody(client), repr(forged)
    swapped = Client()
    swapped.cookies["portal_browser"] = mark
    assert nobody(half_sign_in(cast.admin, swapped)), "of another person"
    assert not KnownBrowser.objects.filter(user=cast.admin.user).exists()
    reset_factors(actor=cast.staff.user, person=cast.user.user, by="help_desk")
    assert not KnownBrowser.objects.filter(user=cast.user.user).exists()


def test_a50_no_method_changes_without_fresh_proof_of_who_asks(cast: Cast) -> None:
    """Of one's own, of somebody else, by every HTTP method, with the confirmation used for another deed or grown old."""
    with time_machine.travel(START, tick=False) as traveller:
        own, strangers = add_passkey(cast.user), add_passkey(cast.admin, "Red key")
        client = sign_in(cast.user)
        before, others = protection(cast.user), protection(cast.admin)
        client.post(reverse("confirm", args=["method"]), {"current_password": cast.user.password})
        for name in ("replace-factor", "prefer-factor", "remove-factor"):
            for factor in (own, strangers):
                for method in METHODS:
                    answer = getattr(client, method)(reverse(name, args=[factor.pk]))
                    assert answer.status_code in {302, 405}, (name, method)
        for name in (*SETTING_UP, "recovery-codes", "change-password", "change-email"):
            fields = {"code": cast.user.app_code(), "agreed": "on", "send": "1", "new_password": NEW, "email": "thief@evil.example"}
            assert client.post(reverse(name), fields)["Location"].startswith("/security/confirm/"), name
        confirm(client, cast.user)
        traveller.shift(timedelta(minutes=5, seconds=1))
        for name in ("prefer-factor", "remove-factor"):
            client.post(reverse(name, args=[own.pk]))
        assert (protection(cast.user), protection(cast.admin)) == (before, others)
        assert not Message.objects.filter(kind="factor_changed").exists()
        assert events("FACTOR_REMOVED") == events("FACTOR_CHANGED") == events("DEFAULT_FACTOR_CHANGED") == 0


@contextmanager
def failing(words: str) -> Iterator[None]:
    """Let every statement with these words time out."""

    def time_out(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if words in sql:
            raise OperationalError("canceling statement due to statement timeout")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(time_out):
        yield
    # The transaction that the test itself runs in was marked as broken; a real request has none around it.
    connection.set_rollback(False)


@pytest.mark.parametrize("words", ["ratelimit_counter", "UPDATE", "audit_auditevent", "UPDATE accounts_session", "accounts_user", "DELETE"])
@pytest.mark.parametrize("way", ["app", "mail"])
def test_a51_a_database_that_does_not_answer_denies(cast: Cast, post: Post, way: str, words: str) -> None:
    """Even the right code: whatever cannot be counted, spent, noted or kept is not skipped."""
    door = by_app(cast.user, post) if way == "app" else by_mail(cast.user, post)
    door.client.raise_request_exception = False
    with failing(words):
        answer = door.client.post(door.address, {"code": door.code})
    assert (answer.status_code, answer.headers.get("Retry-After")) == (503, "120")
    assert nobody(door.client)


@pytest.mark.parametrize("value", [["", ""], "\x00", "0" * 10_000, ["000000", ""], "٠" * 6])
def test_a51_odd_answers_are_denied_at_every_way_in(cast: Cast, post: Post, value: Any) -> None:
    add_factor(cast.user, Method.EMAIL)
    add_passkey(cast.user)
    client = half_sign_in(cast.user)
    for factor in ("recovery", *map(str, Factor.objects.filter(user=cast.user.user).values_list("pk", flat=True)), value):
        client.post(reverse("sign-in-factor"), {"way": factor})
        for fields in ({"code": value}, {"credential": value}, {"code": value, "credential": value, "again": value}):
            assert client.post(reverse("sign-in-factor"), fields).status_code in {200, 302}
        client.post(reverse("sign-in-factor"), json.dumps({"code": "000000"}), content_type="application/json")
        if client.get(reverse("sign-in-factor")).status_code == 302:
            client = half_sign_in(cast.user, client)
    assert nobody(client)


def test_a51_a_key_that_cannot_be_read_any_more_denies_and_leaves_the_other_ways(cast: Cast, post: Post) -> None:
    """The encryption key was lost or the row was damaged: nobody gets in by the app, and e-mail still works."""
    email = add_factor(cast.user, Method.EMAIL)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE accounts_factor SET seed = 'damaged' WHERE method = 'app' AND user_id = %s", [_key(cast.user.user)])
    client = half_sign_in(cast.user)
    for code in ("000000", code_at("", step_at(clock.now().timestamp())), cast.user.app_code()):
        assert client.post(reverse("sign-in-factor"), {"code": code}).status_code == 200
    assert nobody(client)
    client.post(reverse("sign-in-factor"), {"way": str(email.pk)})
    assert client.post(reverse("sign-in-factor"), {"code": code_among(post())})["Location"] == reverse("home")


def _key(user: User) -> Any:
    return User._meta.pk.get_db_prep_value(user.pk, connection)
