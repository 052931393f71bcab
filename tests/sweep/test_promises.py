"""Promises of docs/security.md that hold on every page: a way out, password fields that managers fill, no password that runs out."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import Factor
from permissions.guards import Kind
from portal import clock
from portal.outbox.relay import sweep
from tests.cast import Cast, half_sign_in, invite, let_in, temporary_password_in
from tests.sweep.test_identities import GUARDED, _address

OUT = 'action="/sign-out/"'


def _password_fields(page: str) -> list[str]:
    return [tag for tag in re.findall(r"<input\b[^>]*>", page) if re.search(r'name="(\w*_)?password"', tag)]


def test_v7_4_4_every_page_behind_the_sign_in_has_a_way_out(cast: Cast) -> None:
    browser, looked_at = let_in(cast.exams_officer), 0
    for name, (_entry, guard) in GUARDED.items():
        if guard.kind in {Kind.PUBLIC, Kind.HALF_SIGNED_IN, Kind.STAFF}:
            continue
        answer = browser.get(_address(name, cast))
        if answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            assert OUT in answer.content.decode(), name
            looked_at += 1
    assert looked_at > 15
    assert (
        "sign-out" in let_in(cast.staff).get("/admin/").content.decode() or "logout" in let_in(cast.staff).get("/admin/").content.decode()
    )


def test_v6_2_6_password_fields_are_masked_and_known_to_password_managers(cast: Cast) -> None:
    typed = Client()
    typed.post(reverse("sign-in"), {"email": cast.user.user.email})
    invite(cast.exams_officer, "newcomer@glan.example")
    sweep()
    newcomer = Client()
    newcomer.post(reverse("sign-in"), {"email": "newcomer@glan.example"})
    newcomer.post(reverse("sign-in-password"), {"password": temporary_password_in(str(mail.outbox[-1].body))})
    asked = {
        "current-password": [typed.get(reverse("sign-in-password")), let_in(cast.user).get(reverse("confirm", args=["password"]))],
        "new-password": [newcomer.get(reverse("sign-in-set-password")), Client().get(reverse("reset-password"))],
    }
    for kind, pages in asked.items():
        for page in pages:
            (field,) = _password_fields(page.content.decode())
            assert 'type="password"' in field
            assert f'autocomplete="{kind}"' in field
            (longest,) = re.findall(r'maxlength="(\d+)"', field) or ["1000"]
            assert int(longest) >= 128


def test_v6_2_10_a_password_never_runs_out(cast: Cast) -> None:
    with time_machine.travel(clock.now() + timedelta(days=3650), tick=True):
        browser = half_sign_in(cast.user)
        Factor.objects.filter(user=cast.user.user).update(last_step=0)
        answer = browser.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
    assert answer["Location"] == reverse("home")


@pytest.mark.parametrize("name", ["help", "factor-sms"])
def test_v6_6_1_people_are_told_that_texts_are_weaker(cast: Cast, name: str) -> None:
    Factor.objects.filter(user=cast.user.user).delete()
    page = half_sign_in(cast.user).get(reverse(name), headers={"accept-language": "en"}).content.decode()
    assert "somebody may take over your phone number" in page
    assert "Choose an app or a passkey if you can" in page
