"""Signing in, through the pages (SIGN)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Invitation, Method, Session, User
from accounts.signin.paths import local_path
from portal import clock
from tests.cast import PASSWORD, Cast, code_in, half_sign_in, invite, make_person, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


def text_of(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


def test_sign1_page_one_answers_the_same_whoever_the_address_belongs_to(cast: Cast) -> None:
    invite(cast.exams_officer, "invited@glan.example")
    User.objects.filter(pk=cast.admin.user.pk).update(is_active=False)
    answers = set()
    for email in ("user@glan.example", "nobody@glan.example", "invited@glan.example", "admin@glan.example"):
        client = Client()
        first = client.post(reverse("sign-in"), {"email": email})
        second = client.get(first["Location"])
        body = second.content.decode().replace(email, "EMAIL")
        token = client.cookies["portal_csrf"].value
        answers.add((first.status_code, first["Location"], second.status_code, len(body), len(token)))
    assert len(answers) == 1


def test_sign1_a_wrong_password_and_an_unknown_address_get_one_message(cast: Cast) -> None:
    pages = []
    for email in ("user@glan.example", "nobody@glan.example"):
        client = Client()
        client.post(reverse("sign-in"), {"email": email})
        pages.append(client.post(reverse("sign-in-password"), {"password": "not this one"}).content.decode())
    assert all("Your email address or password is not correct" in page for page in pages)
    assert all("not this one" not in page for page in pages)
    assert all("<title>Error:" in page for page in pages)


def test_sign1_a_bad_address_keeps_what_was_typed(db: None) -> None:
    page = Client().post(reverse("sign-in"), {"email": "Nïa@example"}).content.decode()
    assert "Enter an email address in the correct format" in page
    assert "Nïa@example" in page


def test_sign2_spaces_in_a_password_of_ones_own_count(cast: Cast) -> None:
    client = Client()
    client.post(reverse("sign-in"), {"email": "user@glan.example"})
    assert client.post(reverse("sign-in-password"), {"password": f"{PASSWORD} "}).status_code == 200


def test_a158_a_composed_and_a_decomposed_letter_are_the_same_password(db: None) -> None:
    person = make_person("w@glan.example")
    person.user.set_password("harbour ŵylan 12")
    person.user.save()
    assert person.user.check_password("harbour w\u0302ylan 12")


def test_sign3_the_duty_lives_in_the_database_not_in_the_session(cast: Cast) -> None:
    """A43: a person without a method is asked for one in every new browser."""
    Factor.objects.filter(user=cast.user.user).delete()
    for _browser in range(2):
        client = half_sign_in(cast.user)
        assert client.get(reverse("home"))["Location"] == reverse("factor-choose")


def test_sign4_every_later_sign_in_asks_for_the_code(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    assert client.get(reverse("home"))["Location"] == reverse("sign-in-factor")
    assert "_auth_user_id" not in client.session
    wrong = client.post(reverse("sign-in-factor"), {"code": "000000"})
    assert "The code you entered is not correct or has expired" in wrong.content.decode()
    assert sign_in(cast.user).get(reverse("home")).status_code == 200


def test_mfa1_a_text_or_an_email_is_sent_for_the_later_sign_in(cast: Cast, post: Post) -> None:
    Factor.objects.filter(user=cast.user.user).delete()
    Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email")
    client = half_sign_in(cast.user)
    letter = post()[-1]
    code = code_in(str(letter.body))
    assert code not in letter.subject
    assert client.post(reverse("sign-in-factor"), {"code": f" {code[:3]}-{code[3:]} "})["Location"] == reverse("home")


def test_a33_a_code_asked_in_one_browser_is_refused_in_another(cast: Cast, post: Post) -> None:
    Factor.objects.filter(user=cast.user.user).delete()
    Factor.objects.create(user=cast.user.user, method=Method.EMAIL, name="email")
    half_sign_in(cast.user)
    code = code_in(str(post()[-1].body))
    other = half_sign_in(cast.user)
    assert other.post(reverse("sign-in-factor"), {"code": code}).status_code == 200


def test_p9_a_code_of_the_app_works_once(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False):
        code = cast.user.app_code()
        first, second = half_sign_in(cast.user), half_sign_in(cast.user)
        assert first.post(reverse("sign-in-factor"), {"code": code}).status_code == 302
        for again in (code, f"{code[:3]} {code[3:]}", code.translate(str.maketrans("0123456789", "０１２３４５６７８９"))):
            assert second.post(reverse("sign-in-factor"), {"code": again}).status_code == 200


def test_p13_five_wrong_codes_pause_also_in_another_browser(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    for _number in range(5):
        client.post(reverse("sign-in-factor"), {"code": "000000"})
    other = half_sign_in(cast.user)
    page = other.post(reverse("sign-in-factor"), {"code": cast.user.app_code()}).content.decode()
    assert "too many times" in page


def test_p11_ten_wrong_passwords_pause_known_and_unknown_alike(cast: Cast) -> None:
    for email, right in (("user@glan.example", PASSWORD), ("nobody@glan.example", "whatever")):
        for password in (*["wrong password"] * 10, right):
            client = Client()
            client.post(reverse("sign-in"), {"email": email})
            answer = client.post(reverse("sign-in-password"), {"password": password})
        assert "Your email address or password is not correct" in answer.content.decode()
    with time_machine.travel(clock.now() + timedelta(minutes=16)):
        assert half_sign_in(cast.user)


def test_mfa1_staff_set_up_the_app_only(cast: Cast) -> None:
    Factor.objects.filter(user=cast.staff.user).delete()
    client = half_sign_in(cast.staff)
    page = text_of(client, "factor-choose")
    assert "Authenticator App" in page
    assert "Text message" not in page


def test_sign6_sign_out_is_a_post_and_ends_the_stored_session(cast: Cast) -> None:
    client = sign_in(cast.user)
    key = client.session.session_key
    copied = Client()
    copied.cookies["portal_session"] = key or ""
    assert copied.get(reverse("home")).status_code == 200
    assert client.get(reverse("sign-out")).status_code == 405
    client.post(reverse("sign-out"))
    assert not Session.objects.filter(pk=key).exists()
    assert copied.get(reverse("home")).status_code == 302


def test_p18_idle_and_absolute_limits(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = sign_in(cast.user)
        for minutes in range(25, 8 * 60, 25):
            traveller.move_to(start + timedelta(minutes=minutes))
            assert client.get(reverse("home")).status_code == 200
        traveller.move_to(start + timedelta(hours=8, minutes=1))
        assert client.get(reverse("home")).status_code == 302
        again = sign_in(cast.user)
        traveller.move_to(start + timedelta(hours=8, minutes=32))
        assert again.get(reverse("home")).status_code == 302
        assert "been signed out" in again.get(reverse("sign-in")).content.decode()


def test_p18_a_half_finished_sign_in_lasts_ten_minutes(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    with time_machine.travel(clock.now() + timedelta(minutes=11)):
        answer = client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
        assert answer["Location"] == reverse("sign-in")


def test_a46_starting_over_as_somebody_else_keeps_nothing(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    client.post(reverse("sign-in"), {"email": "admin@glan.example"})
    answer = client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
    assert answer["Location"] == reverse("sign-in-password")


def test_a101_after_signing_in_one_lands_on_a_page_of_ours(cast: Cast) -> None:
    client = Client()
    client.get(reverse("services"))
    client.post(reverse("sign-in"), {"email": "user@glan.example", "next": reverse("services")})
    client.post(reverse("sign-in-password"), {"password": PASSWORD})
    answer = client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
    assert answer["Location"] == reverse("services")


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/\r\nX: 1",
        "javascript:alert(1)",
        "/ x",
        "///x",
        "data:x",
        "/a\x00",
        "",
    ],
)
def test_a101_foreign_addresses_are_no_path_of_ours(path: str) -> None:
    assert local_path(path) == ""


def test_sign7_somebody_at_two_centres_chooses_and_can_switch(cast: Cast, post: Post) -> None:
    """INV-7: the second centre is added to the account at the next sign-in, without a new password."""
    invite(cast.other_exams_officer, "user@glan.example")
    letter = str(post()[-1].body)
    assert Invitation.objects.get(email="user@glan.example").password_hash == ""
    assert "Coleg y Cwm" in letter
    client = sign_in(cast.user)
    page = text_of(client, "join-centre")
    assert "Coleg y Cwm" in page
    pk = str(Invitation.objects.get(email="user@glan.example").pk)
    client.post(reverse("join-centre"), {"invitation": pk})
    assert "Coleg y Cwm" in text_of(client, "home")
    assert cast.user.user.memberships.count() == 2
    again = sign_in(cast.user)
    assert again.get(reverse("services"))["Location"].startswith(reverse("choose-centre"))


@pytest.mark.parametrize("closed", [{"is_active": False}, {"frozen_at": clock.now()}])
def test_a43_whoever_is_closed_between_password_and_code_begins_again(cast: Cast, closed: dict[str, object]) -> None:
    """With a method that is set up and without one, which is asked of the database another way."""
    for enrolled in (True, False):
        User.objects.filter(pk=cast.user.user.pk).update(is_active=True, frozen_at=None)
        if not enrolled:
            Factor.objects.filter(user=cast.user.user).delete()
        browser = half_sign_in(cast.user)
        User.objects.filter(pk=cast.user.user.pk).update(**closed)
        answer = browser.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
        assert answer["Location"] == reverse("sign-in")
        assert browser.get(reverse("factor-choose"))["Location"] == reverse("sign-in")
