"""A forgotten password, through the pages (RST)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Session, User
from portal import clock
from tests.cast import PASSWORD, Cast, code_in, half_sign_in, invite, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
NEW = "velvet compass 31"


def ask(email: str, client: Client | None = None) -> Client:
    browser = client or Client()
    browser.post(reverse("forgot-password"), {"email": email})
    return browser


def reset(client: Client, email: str, code: str, password: str = NEW) -> str:
    answer = client.post(reverse("reset-password"), {"email": email, "code": code, "new_password": password})
    return answer["Location"] if answer.status_code == 302 else answer.content.decode()


def test_rst1_a_code_by_email_gives_a_new_password_and_leads_back_to_signing_in(cast: Cast, post: Post) -> None:
    client = ask("user@glan.example")
    code = code_in(str(post()[-1].body), 8)
    assert reset(client, "user@glan.example", f" {code[:4]} {code[4:]} ") == reverse("sign-in")
    page = client.get(reverse("sign-in")).content.decode()
    assert "You’ve reset your password" in page
    assert 'value="user@glan.example"' in page
    assert User.objects.get(pk=cast.user.user.pk).check_password(NEW)
    assert post()[-1].subject == "Your Portal password has been changed"


def test_rst2_a_reset_never_signs_in_and_never_touches_mfa(cast: Cast, post: Post) -> None:
    """A41."""
    before = list(Factor.objects.filter(user=cast.user.user).values())
    client = ask("user@glan.example")
    reset(client, "user@glan.example", code_in(str(post()[-1].body), 8))
    assert client.get(reverse("home")).status_code == 302
    cast.user.password = NEW
    assert half_sign_in(cast.user, client).get(reverse("home"))["Location"] == reverse("sign-in-factor")
    assert list(Factor.objects.filter(user=cast.user.user).values()) == before


def test_rst2_a_reset_ends_all_sessions_half_finished_ones_too(cast: Cast, post: Post) -> None:
    """A88."""
    full, half = sign_in(cast.user), half_sign_in(cast.user)
    client = ask("user@glan.example")
    reset(client, "user@glan.example", code_in(str(post()[-1].body), 8))
    assert not Session.objects.filter(user=cast.user.user).exists()
    assert full.get(reverse("home")).status_code == 302
    assert half.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})["Location"] == reverse("sign-in")


def test_rst2_every_address_gets_the_same_answer(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "invited@glan.example")
    post()
    User.objects.filter(pk=cast.admin.user.pk).update(is_active=False)
    answers = set()
    for email in ("user@glan.example", "nobody@glan.example", "invited@glan.example", "admin@glan.example"):
        client = Client()
        first = client.post(reverse("forgot-password"), {"email": email})
        page = client.get(first["Location"]).content.decode().replace(email, "EMAIL")
        wrong = reset(client, email, "00000000").replace(email, "EMAIL")
        answers.add((first.status_code, first["Location"], len(page), len(wrong), tuple(sorted(client.cookies))))
    assert len(answers) == 1
    assert sorted(letter.to[0] for letter in post()) == ["invited@glan.example", "user@glan.example"]


def test_rst3_an_account_never_activated_gets_help_and_no_code(cast: Cast, post: Post) -> None:
    """A56."""
    invite(cast.exams_officer, "invited@glan.example")
    post()
    ask("invited@glan.example")
    letter = post()[-1]
    assert "There is no password to reset yet" in str(letter.body)
    with pytest.raises(AssertionError):
        code_in(str(letter.body), 8)


def test_p7_five_tries_then_the_code_is_dead(cast: Cast, post: Post) -> None:
    client = ask("user@glan.example")
    code = code_in(str(post()[-1].body), 8)
    for _number in range(5):
        assert "not correct or has expired" in reset(client, "user@glan.example", "00000000")
    assert "not correct or has expired" in reset(client, "user@glan.example", code)
    assert User.objects.get(pk=cast.user.user.pk).check_password(PASSWORD)


@pytest.mark.parametrize(("second", "accepted"), [(-1, True), (0, False), (1, False)])
def test_a28_a_code_dies_at_its_expiry(cast: Cast, post: Post, second: int, accepted: bool) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = ask("user@glan.example")
        code = code_in(str(post()[-1].body), 8)
        traveller.move_to(start + timedelta(minutes=30, seconds=second))
        assert (reset(client, "user@glan.example", code) == reverse("sign-in")) is accepted


def test_a33_the_code_works_only_in_the_browser_that_asked(cast: Cast, post: Post) -> None:
    ask("user@glan.example")
    code = code_in(str(post()[-1].body), 8)
    assert "not correct or has expired" in reset(Client(), "user@glan.example", code)


def test_a31_a_code_of_one_account_is_refused_for_another(cast: Cast, post: Post) -> None:
    client = ask("user@glan.example")
    code = code_in(str(post()[-1].body), 8)
    ask("admin@glan.example", client)
    assert "not correct or has expired" in reset(client, "admin@glan.example", code)


def test_a30_after_a_new_code_the_older_one_is_refused(cast: Cast, post: Post) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = ask("user@glan.example")
        older = code_in(str(post()[-1].body), 8)
        too_soon = client.post(reverse("forgot-password"), {"email": "user@glan.example"})
        assert "Wait a minute" in too_soon.content.decode()
        traveller.move_to(start + timedelta(seconds=61))
        ask("user@glan.example", client)
        newer = code_in(str(post()[-1].body), 8)
        assert "not correct or has expired" in reset(client, "user@glan.example", older)
        assert reset(client, "user@glan.example", newer) == reverse("sign-in")


def test_rst1_a_refused_password_does_not_use_the_code_up(cast: Cast, post: Post) -> None:
    client = ask("user@glan.example")
    code = code_in(str(post()[-1].body), 8)
    for bad, said in (("short", "at least 10"), ("password123", "common"), ("1234567890123", "numeric"), ("x" * 129, "128")):
        page = reset(client, "user@glan.example", code, bad)
        assert said in page
        assert f'value="{bad}"' not in page
    assert reset(client, "user@glan.example", code) == reverse("sign-in")


def test_a65_repeated_parameters_mean_one_recipient(cast: Cast, post: Post) -> None:
    Client().post(reverse("forgot-password"), {"email": ["eve@evil.example", "user@glan.example"]})
    assert [letter.to for letter in post()] == [["user@glan.example"]]
