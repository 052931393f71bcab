"""Finding out who has an account, and how it is protected (A01-A10): no answer differs from another by anything but chance."""

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.urls import get_resolver, reverse

from accounts.models import Factor, Invitation, Method
from accounts.passwords import checking
from accounts.signin.steps import invitation_reference
from permissions.roles import Role
from portal import clock, limits
from portal.outbox.models import Message
from portal.ratelimit import allow
from tests.accounts.methods.fresh import add_factor
from tests.attacks.strangers import (
    WRONG,
    Seen,
    cost,
    dearer,
    events,
    events_after,
    everybody,
    fill,
    give_password,
    last_event,
    only_by,
    seen,
    step_one,
)
from tests.cast import PASSWORD, Cast, half_sign_in, invite, make_member, make_person, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
NEW = "velvet compass 31"


class Broken(BaseEmailBackend):
    """A mail provider that is down."""

    def send_messages(self, _messages: Any) -> int:
        """Fail."""
        raise ConnectionRefusedError("no provider")


def alike(answers: dict[str, list[Seen]]) -> None:
    """Every state's answers are those of an unknown address."""
    for state, own in answers.items():
        for number, (one, other) in enumerate(zip(own, answers["unknown"], strict=True)):
            assert one.body.splitlines() == other.body.splitlines(), (state, number)
            assert one == other, (state, number)


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a01_no_page_of_signing_in_tells_one_account_from_another(cast: Cast, language: str) -> None:
    answers = {}
    for state, email in list(everybody(cast).items())[:: 1 if language == "en" else 4]:
        client = Client(headers={"accept-language": language})
        own: list[Any] = [
            client.head(reverse("sign-in")),
            client.post(reverse("sign-in"), {"email": email}),
            client.get(reverse("sign-in-password")),
        ]
        before = last_event()
        own.append(give_password(client))
        assert events_after(before) in (["PASSWORD_REFUSED"], ["INVITE_REFUSED"]), state
        own += [client.post(reverse("sign-in-password"), {"password": ""}), client.get(reverse("sign-in-factor"))]
        answers[state] = [seen(answer, email) for answer in own]
    alike(answers)


def test_a01_the_right_password_of_a_closed_account_is_like_a_wrong_one(cast: Cast) -> None:
    people = everybody(cast)
    answers = {}
    for state in ("unknown", "suspended", "frozen", "deleted"):
        before = last_event()
        answers[state] = [seen(give_password(step_one(people[state]), PASSWORD), people[state])]
        assert events_after(before) == ["PASSWORD_REFUSED"]
    alike(answers)
    assert not Message.objects.filter(kind__in=("sign_in_code", "wrong_factor")).exists()


def test_a01_every_spelling_an_address_may_have_gets_the_password_step(db: None) -> None:
    addresses = ("a@x.example", "a+b@x.example", f"{'l' * 64}@x.example", "o'neill@x-y.example", "_@x.museum", "1@2.example")
    for email in addresses:
        answer = Client().post(reverse("sign-in"), {"email": email})
        assert answer["Location"] == reverse("sign-in-password"), email
    for email in ("a@localhost", "a@[127.0.0.1]", "ı@x.example", "a@xn--e1awd7f.example", "a\x00@x.example", "", "a" * 3000):
        answer = Client().post(reverse("sign-in"), {"email": email})
        assert (answer.status_code, "Location" in answer.headers) == (200, False), email


@pytest.mark.parametrize("provider", ["works", "fails"])
def test_a03_asking_for_a_reset_and_its_code_page_answer_alike(cast: Cast, post: Post, settings: Any, provider: str) -> None:
    people = everybody(cast)
    post()
    if provider == "fails":
        settings.EMAIL_BACKEND = f"{__name__}.Broken"
        people = {state: people[state] for state in ("unknown", "known", "invited", "suspended", "deleted")}
    answers = {}
    for state, email in people.items():
        client = Client()
        before = last_event()
        own = [client.post(reverse("forgot-password"), {"email": email}), client.get(reverse("reset-password"))]
        assert events_after(before)[-1:] == ["PASSWORD_RESET_ASKED"], state
        own.append(client.post(reverse("forgot-password"), {"email": email}))
        before = last_event()
        own.append(client.post(reverse("reset-password"), {"email": email, "code": "00000000", "new_password": NEW}))
        assert events_after(before) == ["CODE_REFUSED"], state
        own.append(client.post(reverse("reset-password"), {"email": email, "code": "0", "new_password": "short"}))
        answers[state] = [seen(answer, email) for answer in own]
    alike(answers)
    told = {letter.to[0] for letter in post()}
    assert told.isdisjoint(people[state] for state in ("unknown", "deleted", "suspended"))
    assert (people["known"] in told) is (provider == "works")


def test_a03_every_account_costs_the_same_work(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash checks are nearly all of an answer's time; what the database is asked differs by a statement or two."""
    people = everybody(cast)
    dearer(cast.admin)
    people["of another cost"] = "admin@glan.example"
    give_password(step_one("first@glan.example"))
    asked: tuple[tuple[str, dict[str, str], int], ...] = (
        ("sign-in-password", {"password": WRONG}, 2),
        ("forgot-password", {"email": ""}, 0),
        ("reset-password", {"email": "", "code": "00000000", "new_password": NEW}, 0),
    )
    clients = {email: step_one(email) for email in people.values()}
    for page, fields, hashes in asked:
        found = {}
        for email, client in clients.items():
            with cost(monkeypatch) as found[email]:
                client.post(reverse(page), fields | ({"email": email} if "email" in fields else {}))
        assert {one.hashes for one in found.values()} == {hashes}, "one of each cost in use"
        statements = [one.statements for one in found.values()]
        assert max(statements) - min(statements) <= 2, (page, found)


def test_a05_nothing_of_the_method_shows_before_the_password_was_right(cast: Cast, post: Post) -> None:
    only_by(cast.user, Method.SMS, number="+447700900123")
    add_factor(cast.user, Method.EMAIL)
    client = step_one("user@glan.example")
    pages: list[Any] = [
        give_password(client),
        client.get(reverse("sign-in-factor"), follow=True),
        client.get(reverse("factor-sms"), follow=True),
    ]
    pages += [
        client.post(reverse("sign-in-factor"), {"way": "recovery"}, follow=True),
        client.post(reverse("sign-in-factor"), {"again": "1"}),
    ]
    for page in pages:
        assert not re.search("phone|text message|123|recovery", seen(page).body.partition("<main")[2], re.IGNORECASE)
    assert not Message.objects.filter(about=f"person:{cast.user.user.pk}").exists(), "no code leaves"
    hint = seen(half_sign_in(cast.user).get(reverse("sign-in-factor"))).body
    assert "<strong>123</strong>" in hint, "afterwards its last digits"
    assert "900123" not in hint
    assert events("CODE_SENT") == 1


def test_a06_known_and_unknown_addresses_are_paused_alike(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also after the pause: an invite whose ten tries of a lifetime are used up must not answer sooner than the rest (P6)."""
    people = {"unknown": "unkn@glan.example", "known": "user@glan.example", "invited": "news@glan.example"}
    invitation = invite(cast.exams_officer, people["invited"])
    checking.forget_costs()
    left = 2
    fill("invite-tries", invitation_reference(invitation), limits.P6_TEMPORARY_PASSWORD_TRIES - left, (0, allow.IN_A_ROW - 1))
    Invitation.objects.update(tries_left=left)
    for email in people.values():
        fill("password", email, limits.P11_PASSWORD_FAILURES - left, (0, limits.P11_PAUSE_MINUTES * 60))
    start = clock.now()
    answers: dict[str, list[Seen]] = {state: [] for state in people}
    hashes: dict[str, list[int]] = {state: [] for state in people}
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(left + 2):
            if number == left + 1:
                traveller.shift(timedelta(minutes=limits.P11_PAUSE_MINUTES))
            for state, email in people.items():
                client = step_one(email)
                with cost(monkeypatch) as found:
                    answers[state].append(seen(give_password(client), email))
                hashes[state].append(found.hashes)
    alike(answers)
    assert set(map(tuple, hashes.values())) == {(1, 1, 0, 1)}


def test_a08_an_unknown_address_gets_no_mail_whatever_is_asked(cast: Cast, post: Post) -> None:
    for email in ("nobody@glan.example", "user@glan.example.evil.example", "user+x@glan.example", "xuser@glan.example"):
        client = step_one(email)
        give_password(client, PASSWORD)
        client.post(reverse("sign-in-factor"), {"again": "1"})
        client.post(reverse("forgot-password"), {"email": email})
        client.post(reverse("reset-password"), {"email": email, "code": "12345678", "new_password": NEW})
        client.post(reverse("forgot-password"), {"email": [email, email]})
    client.post(reverse("forgot-password"), '{"email": "user@glan.example"}', content_type="application/json")
    client.get(reverse("forgot-password"), {"email": "user@glan.example"})
    assert not post()
    assert not Message.objects.exists(), "no row stays either"


@time_machine.travel("2026-11-25T10:00:00Z", tick=False)
def test_a08_inviting_an_address_that_has_an_account_elsewhere_shows_the_same(cast: Cast, post: Post) -> None:
    """Page, list and its delivery state: an inviter must not learn whose customer somebody is."""
    people = {"unknown": "s97@glan.example", "staff": "s98@glan.example", "elsewhere": "s99@glan.example"}
    make_person(people["staff"], is_staff=True)
    make_member(cast.other_centre, Role.USER, people["elsewhere"])
    browser = sign_in(cast.exams_officer)
    browser.post(reverse("invite-user"), {})
    answers = {}
    for state, email in people.items():
        form = {"first_name": "Elin", "last_name": "Wyn", "email": email, "language": "en", "role": "user"}
        own = [browser.post(reverse("invite-user"), form), browser.post(reverse("invite-check"), form)]
        own.append(browser.get(own[-1]["Location"]))
        post()
        place = Invitation.objects.get(email=email, centre=cast.centre).membership_id
        own += [browser.get(reverse("manage-user", args=[place])), browser.get(reverse("invite-resend", args=[place]))]
        own += [browser.post(reverse("invite-withdraw", args=[place])), browser.get(reverse("manage-users"))]
        answers[state] = [seen(answer, email, str(place)) for answer in own]
    alike(answers)


def test_a10_people_are_named_by_ids_that_cannot_be_counted(cast: Cast) -> None:
    routes = [str(pattern.pattern) for pattern in get_resolver().reverse_dict.getlist("manage-user") if hasattr(pattern, "pattern")]
    assert not any("<int:" in route for route in routes)
    browser = sign_in(cast.exams_officer)
    foreign = cast.other_exams_officer.membership.pk
    pages = ("manage-user", "manage-access", "delete-user", "reset-mfa", "invite-resend", "invite-correct", "invite-withdraw")
    for name in pages:
        answers = set()
        for pk in (foreign, uuid.UUID(int=0), cast.other_exams_officer.user.pk):
            address = reverse(name, args=[pk])
            for method in ("get", "post") if pk != foreign else ("get", "post", "head", "put", "delete", "options"):
                answer = getattr(browser, method)(address)
                assert answer.status_code in {404, 405}, (name, method)
                answers.add((method, answer.status_code, len(answer.content)))
        assert len(answers) == 6, name
    for odd in ("0", "1", "x", "%00", "..%2f", "9" * 60, f"{foreign}".upper(), "{00000000-0000-4000-8000-000000000000}"):
        assert browser.get(f"/manage-users/{odd}/").status_code == 404, odd


def test_a10_a_method_of_somebody_else_is_like_none_however_its_number_is_written(cast: Cast) -> None:
    browser = sign_in(cast.user)
    foreign = Factor.objects.get(user=cast.admin.user).pk
    for tail in ("change/", "prefer/", "remove/"):
        answers = {
            (answer.status_code, answer.headers.get("Location"), len(answer.content))
            for pk in (foreign, 0, 10**9, 2**31, 2**63, 10**40)
            for answer in (browser.post(f"/security/mfa/{pk}/{tail}"),)
        }
        assert len(answers) == 1, (tail, answers)
    assert Factor.objects.filter(pk=foreign).exists()
