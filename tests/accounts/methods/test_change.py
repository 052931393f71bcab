"""Setting up and changing a method, changing the password (MFA-1, MFA-3)."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.factors.totp.rules import code_at, step_at
from accounts.models import Factor, User
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import PASSWORD, Cast, Person, code_in, half_sign_in, let_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


@pytest.fixture
def texts(settings: Any) -> list[dict[str, str]]:
    """A text gateway that listens; the list of what it received."""
    received: list[dict[str, str]] = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_arguments: object) -> None:
            """Stay quiet."""

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.SMS_URL = f"json://127.0.0.1:{server.server_address[1]}/"
    return received


def without_method(person: Person) -> Client:
    Factor.objects.filter(user=person.user).delete()
    return half_sign_in(person)


def confirm(client: Client, person: Person, goal: str = "method") -> str:
    """Prove password and app again; a later moment, since the app's code of this one is used."""
    client.post(reverse("confirm", args=[goal]), {"current_password": person.password})
    Factor.objects.filter(user=person.user).update(last_step=0)
    return client.post(reverse("confirm-code", args=[goal]), {"code": person.app_code()})["Location"]


def test_mfa1_the_three_methods_stand_in_the_guides_order(cast: Cast) -> None:
    page = without_method(cast.user).get(reverse("factor-choose")).content.decode()
    places = [page.index(f">{label}<") for label in ("Authenticator App", "Text message (SMS)", "Email")]
    assert places == sorted(places)
    assert "Most secure" in page


def test_mfa1_text_message(cast: Cast, post: Post, texts: list[dict[str, str]]) -> None:
    client = without_method(cast.user)
    for bad in ("", "12345", "+1 202 555 0123", "0906 123 4567", "070 1234 5678"):
        page = client.post(reverse("factor-sms"), {"number": bad, "send": "1"}).content.decode()
        assert "Enter a mobile phone number, like 07700 900000" in page, bad
        assert bad in page
    assert not Message.objects.filter(channel="sms").exists()
    assert client.post(reverse("factor-sms"), {"number": "07700 900123", "send": "1"})["Location"] == reverse("factor-sms")
    post()
    assert texts[0]["to"] == "+447700900123"
    code = code_in(texts[0]["message"])
    wrong = client.post(reverse("factor-sms"), {"number": "07700 900123", "code": "000000", "verify": "1"})
    assert "not correct or has expired" in wrong.content.decode()
    done = client.post(reverse("factor-sms"), {"number": "07700 900123", "code": code, "verify": "1"})
    assert done["Location"] == reverse("home")
    assert Message.objects.get(channel="sms").secret == ""


def test_a155_a_change_of_number_is_told_beforehand_what_it_costs_a_first_number_is_not(cast: Cast) -> None:
    client = let_in(cast.user)
    confirm(client, cast.user)
    assert "For 72 hours" in client.get(reverse("factor-sms")).content.decode()
    assert "For 72 hours" not in without_method(cast.admin).get(reverse("factor-sms")).content.decode()


def test_mfa1_a_code_for_one_number_does_not_prove_another(cast: Cast, post: Post, texts: list[dict[str, str]]) -> None:
    client = without_method(cast.user)
    client.post(reverse("factor-sms"), {"number": "07700 900123", "send": "1"})
    post()
    code = code_in(texts[0]["message"])
    client.post(reverse("factor-sms"), {"number": "07700 900124", "code": code, "verify": "1"})
    assert not Factor.objects.filter(user=cast.user.user, confirmed=True).exists()


@pytest.mark.parametrize("button", ["send", "verify"])
def test_mfa1_email_by_tick_box_and_code(cast: Cast, post: Post, button: str) -> None:
    """Either button sends the first code: the guide says "click the check box and verify the setup"."""
    client = without_method(cast.user)
    assert "Tick the box" in client.post(reverse("factor-email"), {button: "1"}).content.decode()
    client.post(reverse("factor-email"), {"agreed": "on", button: "1"})
    letter = post()[-1]
    assert letter.to == ["user@glan.example"]
    done = client.post(reverse("factor-email"), {"agreed": "on", "code": code_in(str(letter.body)), "verify": "1"})
    assert done["Location"] == reverse("home")


def test_mfa1_pressing_enter_in_the_code_field_verifies(cast: Cast, post: Post) -> None:
    """The browser then sends the first button of the form, which is the one that asks for a code."""
    client = without_method(cast.user)
    client.post(reverse("factor-email"), {"agreed": "on", "send": "1"})
    code = code_in(str(post()[-1].body))
    assert client.post(reverse("factor-email"), {"agreed": "on", "code": code, "send": "1"})["Location"] == reverse("home")


def test_a40_half_signed_in_somebody_with_a_method_cannot_set_up_another(cast: Cast) -> None:
    client = half_sign_in(cast.user)
    for name in ("factor-choose", "factor-app", "factor-sms", "factor-email"):
        assert client.get(reverse(name))["Location"] == reverse("sign-in-factor")
        assert client.post(reverse(name), {"code": "000000"})["Location"] == reverse("sign-in-factor")


def test_mfa3_changing_the_method_needs_password_and_a_fresh_code(cast: Cast) -> None:
    client = let_in(cast.user)
    for name in ("factor-choose", "factor-app", "factor-sms", "factor-email", "change-factor"):
        assert client.get(reverse(name))["Location"] == reverse("confirm", args=["method"])
    wrong = client.post(reverse("confirm", args=["method"]), {"current_password": "wrong"})
    assert "Your password is not correct" in wrong.content.decode()
    assert client.get(reverse("confirm-code", args=["method"]))["Location"] == reverse("confirm", args=["method"])
    assert confirm(client, cast.user) == reverse("factor-choose")


def test_mfa3_the_old_method_works_until_the_new_one_is_proved(cast: Cast, post: Post) -> None:
    client, other = let_in(cast.user), let_in(cast.user)
    confirm(client, cast.user)
    client.get(reverse("factor-app"))
    assert sign_in(cast.user)
    new = Factor.objects.get(user=cast.user.user, confirmed=False)
    assert new.seed != cast.user.seed
    code = code_at(new.seed, step_at(clock.now().timestamp()))
    assert client.post(reverse("factor-app"), {"code": code})["Location"] == reverse("security")
    assert [factor.seed for factor in Factor.objects.filter(user=cast.user.user)] == [new.seed]
    assert other.get(reverse("home")).status_code == 302
    assert client.get(reverse("home")).status_code == 200
    letter = post()[-1]
    assert (letter.to, letter.subject) == (["user@glan.example"], "Your Portal MFA method has been changed")
    assert new.seed not in str(letter.body)


def test_p19_a_confirmation_lasts_five_minutes(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = let_in(cast.user)
        confirm(client, cast.user)
        traveller.move_to(start + timedelta(minutes=5, seconds=1))
        assert client.get(reverse("factor-app"))["Location"] == reverse("confirm", args=["method"])


def test_a23_five_wrong_present_passwords_end_the_session(cast: Cast) -> None:
    client = let_in(cast.user)
    for _number in range(5):
        answer = client.post(reverse("confirm", args=["password"]), {"current_password": "wrong"})
    assert answer["Location"] == reverse("sign-in")
    assert client.get(reverse("home")).status_code == 302


def test_mfa3_changing_the_password_ends_the_other_sessions_and_tells(cast: Cast, post: Post) -> None:
    client, other = let_in(cast.user), let_in(cast.user)
    assert client.get(reverse("change-password"))["Location"] == reverse("confirm", args=["password"])
    assert confirm(client, cast.user, "password") == reverse("change-password")
    name = client.post(reverse("change-password"), {"new_password": "lowri price 2026"}).content.decode()
    assert "Do not include your name" in name
    assert client.post(reverse("change-password"), {"new_password": "velvet compass 31"})["Location"] == reverse("security")
    assert client.get(reverse("home")).status_code == 200
    assert other.get(reverse("home")).status_code == 302
    assert User.objects.get(pk=cast.user.user.pk).check_password("velvet compass 31")
    assert not User.objects.get(pk=cast.user.user.pk).check_password(PASSWORD)
    assert post()[-1].subject == "Your Portal password has been changed"
    assert AuditEvent.objects.filter(kind="PASSWORD_CHANGED", actor_id=str(cast.user.user.pk)).count() == 1


@pytest.mark.parametrize("code", ["", "\x00", "1" * 9_000, "12345", "1234567", "+12345", "１２３４５６", "12_345"])
def test_a51_odd_codes_are_refused_never_skipped(cast: Cast, code: str) -> None:
    client = half_sign_in(cast.user)
    assert client.post(reverse("sign-in-factor"), {"code": code}).status_code == 200
    assert client.get(reverse("home")).status_code == 302
