"""From an invite to a first sign-in, through the pages (SIGN 2-5, INV 3-4)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.factors.totp.rules import code_at, step_at
from accounts.models import Factor, Method, User
from portal import clock
from tests.cast import Cast, invite, temporary_password_in

Post = Callable[[], list[EmailMultiAlternatives]]


@pytest.mark.parametrize(("before", "after"), [(" ", " "), ("", "\n"), ("\t", ""), ("\u00a0", "\u00a0"), ("", ""), ("\u200b", "")])
def test_sign2_spaces_round_a_pasted_temporary_password_do_not_matter(cast: Cast, post: Post, before: str, after: str) -> None:
    invite(cast.exams_officer, "new@glan.example")
    client = Client()
    client.post(reverse("sign-in"), {"email": " New@Glan.Example "})
    password = f"{before}{temporary_password_in(str(post()[-1].body))}{after}"
    answer = client.post(reverse("sign-in-password"), {"password": password})
    assert answer["Location"] == reverse("sign-in-set-password")


def test_sign3_after_a_temporary_password_come_own_password_then_mfa_then_home(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "new@glan.example", first_name="Elin", last_name="Wyn")
    client = Client()
    client.post(reverse("sign-in"), {"email": "new@glan.example"})
    temporary = temporary_password_in(str(post()[-1].body))
    client.post(reverse("sign-in-password"), {"password": temporary})
    for name in ("home", "services", "profile", "security", "factor-choose", "manage-users", "sign-in-factor"):
        assert client.get(reverse(name))["Location"] == reverse("sign-in-set-password"), name

    too_short = client.post(reverse("sign-in-set-password"), {"new_password": "short", "language": "en"})
    assert "at least 10 characters" in too_short.content.decode()
    assert not User.objects.filter(email="new@glan.example").exists()
    answer = client.post(reverse("sign-in-set-password"), {"new_password": "meadow trumpet 42", "language": "cy"})
    assert answer["Location"] == reverse("factor-choose")
    person = User.objects.get(email="new@glan.example")
    assert (person.language, person.full_name) == ("cy", "Elin Wyn")
    for name in ("home", "services", "profile", "security", "sign-in-set-password"):
        assert client.get(reverse(name))["Location"] == reverse("factor-choose"), name

    page = client.get(reverse("factor-app")).content.decode()
    seed = Factor.objects.get(user=person, method=Method.APP).seed
    assert seed[:4] in page
    assert '<svg role="img"' in page
    code = code_at(seed, step_at(clock.now().timestamp()))
    assert client.post(reverse("factor-app"), {"code": code})["Location"] == reverse("home")
    assert client.get(reverse("home")).status_code == 200


def test_inv3_the_temporary_password_works_once(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "new@glan.example")
    temporary = temporary_password_in(str(post()[-1].body))
    first, second = Client(), Client()
    for client in (first, second):
        client.post(reverse("sign-in"), {"email": "new@glan.example"})
        client.post(reverse("sign-in-password"), {"password": temporary})
    first.post(reverse("sign-in-set-password"), {"new_password": "meadow trumpet 42", "language": "en"})
    late = second.post(reverse("sign-in-set-password"), {"new_password": "other trumpet 42", "language": "en"})
    assert late["Location"] == reverse("sign-in")
    assert User.objects.get(email="new@glan.example").check_password("meadow trumpet 42")
    third = Client()
    third.post(reverse("sign-in"), {"email": "new@glan.example"})
    assert third.post(reverse("sign-in-password"), {"password": temporary}).status_code == 200


def test_inv3_ten_tries_in_the_whole_life_of_an_invite(cast: Cast, post: Post) -> None:
    invite(cast.exams_officer, "new@glan.example")
    temporary = temporary_password_in(str(post()[-1].body))
    start = clock.now()
    for number in range(10):
        # Slowly, so that only the invite's own count stands in the way (A16).
        with time_machine.travel(start + timedelta(hours=number), tick=False):
            client = Client()
            client.post(reverse("sign-in"), {"email": "new@glan.example"})
            client.post(reverse("sign-in-password"), {"password": "wrong-wrong-wrong"})
    with time_machine.travel(start + timedelta(days=2), tick=False):
        client = Client()
        client.post(reverse("sign-in"), {"email": "new@glan.example"})
        assert client.post(reverse("sign-in-password"), {"password": temporary}).status_code == 200


def test_sign5_an_expired_invite_says_so_and_who_can_invite_again(cast: Cast, post: Post) -> None:
    invitation = invite(cast.exams_officer, "new@glan.example")
    temporary = temporary_password_in(str(post()[-1].body))
    for moment, over in ((-1, False), (0, True), (1, True)):
        with time_machine.travel(invitation.expires_at + timedelta(seconds=moment), tick=False):
            client = Client()
            client.post(reverse("sign-in"), {"email": "new@glan.example"})
            answer = client.post(reverse("sign-in-password"), {"password": temporary})
            assert (answer.status_code == 200) is over
            assert not over or "This invite has expired" in answer.content.decode()
            assert not over or "Ysgol Glan y Mor" in answer.content.decode()
