"""A fresh factor for managing people, with nothing lost; the hold after a reset; the setting that demands more than e-mail (P19, MFA-5, A155)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Factor, Method, User
from portal import clock
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import Cast, code_in, half_sign_in, let_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


def by_email_only(user: User) -> None:
    Factor.objects.filter(user=user).delete()
    Factor.objects.create(user=user, method=Method.EMAIL, name="email", is_default=True)


NEW_PASSWORD = "a new lantern 42 quilts"


def reset(email: str, post: Post) -> Client:
    client = Client()
    client.post(reverse("forgot-password"), {"email": email})
    code = code_in(str(next(letter for letter in post() if letter.to == [email]).body), 8)
    answer = client.post(reverse("reset-password"), {"email": email, "code": code, "new_password": NEW_PASSWORD})
    assert answer.status_code == 302, answer.content.decode()
    return client


def test_p19_a_form_sent_too_late_is_kept_and_goes_on_after_the_code(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        client = let_in(cast.exams_officer)
        assert client.get(reverse("manage-users")).status_code == 200
        traveller.shift(timedelta(minutes=16))
        before = client.session.session_key
        fields = {"search": "Lowri <b>", "role": "", "status": "", "mfa": "", "sort": "name"}
        answer = client.post(reverse("manage-users"), fields)
        assert answer["Location"].startswith(reverse("prove-again"))
        page = client.get(answer["Location"])
        assert "What you entered is kept" in page.content.decode()
        assert client.post(answer["Location"], {"code": "000000"}).status_code == 200
        go_on = client.post(answer["Location"], {"code": cast.exams_officer.app_code()}).content.decode()
        assert 'value="Lowri &lt;b&gt;"' in go_on
        assert f'action="{reverse("manage-users")}"' in go_on
        assert client.session.session_key != before
        assert client.post(reverse("manage-users"), fields).status_code == 302
        assert client.get(reverse("manage-users")).status_code == 200
        assert AuditEvent.objects.filter(kind="CONFIRMED").count() == 1


def test_p19_five_wrong_codes_end_the_session(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = let_in(cast.admin)
        traveller.shift(timedelta(minutes=20))
        address = client.get(reverse("manage-users"))["Location"]
        for _number in range(5):
            answer = client.post(address, {"code": "000000"})
        assert answer["Location"] == reverse("sign-in")
        assert client.get(reverse("home")).status_code == 302


@pytest.mark.parametrize("none_at_all", [False, True])
def test_mfa5_a_reset_with_email_alone_holds_back_for_a_day_and_tells_the_exams_officer(cast: Cast, post: Post, none_at_all: bool) -> None:
    admin = cast.admin.user
    by_email_only(admin)
    if none_at_all:
        Factor.objects.filter(user=admin).delete()
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        reset("admin@glan.example", post)
        admin.refresh_from_db()
        assert admin.held_until == start + timedelta(hours=24)
        assert list(Message.objects.filter(kind="hold_started").values_list("recipient", flat=True)) == ["eo@glan.example"]
        by_email_only(admin)
        traveller.shift(timedelta(minutes=2))
        cast.admin.password = NEW_PASSWORD
        client = half_sign_in(cast.admin)
        code = code_in(
            str(next(letter for letter in post() if letter.to == ["admin@glan.example"] and "code" in letter.subject.lower()).body)
        )
        client.post(reverse("sign-in-factor"), {"code": code})
        page = client.get(reverse("manage-users"))
        assert page.status_code == 403
        assert "24 hours" in page.content.decode()
        assert client.get(reverse("home")).status_code == 200
    with time_machine.travel(start + timedelta(hours=25), tick=False):
        again = half_sign_in(cast.admin)
        code = code_in(str(next(letter for letter in reversed(post()) if "code" in letter.subject.lower()).body))
        again.post(reverse("sign-in-factor"), {"code": code})
        assert again.get(reverse("manage-users")).status_code == 200


def test_mfa5_an_app_needs_no_hold_and_a_reset_ends_the_pause_of_guessing(cast: Cast, post: Post) -> None:
    for _number in range(10):
        stranger = Client()
        stranger.post(reverse("sign-in"), {"email": "eo@glan.example"})
        stranger.post(reverse("sign-in-password"), {"password": "wrong password"})
    reset("eo@glan.example", post)
    cast.exams_officer.user.refresh_from_db()
    assert cast.exams_officer.user.held_until is None
    cast.exams_officer.password = NEW_PASSWORD
    assert sign_in(cast.exams_officer).get(reverse("manage-users")).status_code == 200, "A20: in by reset, at once"


def test_mfa5_where_it_is_demanded_email_alone_leads_to_a_stronger_method_first(cast: Cast, post: Post, settings: Any) -> None:
    settings.DEMAND_STRONG_MFA = True
    by_email_only(cast.exams_officer.user)
    client = half_sign_in(cast.exams_officer)
    code = code_in(str(post()[-1].body))
    assert client.post(reverse("sign-in-factor"), {"code": code})["Location"] == reverse("factor-choose")
    assert "_auth_user_id" not in client.session
    for name in ("home", "manage-users", "services", "profile"):
        assert client.get(reverse(name))["Location"] == reverse("factor-choose")
    page = client.get(reverse("factor-choose")).content.decode()
    assert 'value="app"' in page
    assert 'value="email"' not in page
    by_email_only(cast.user.user)
    other = half_sign_in(cast.user)
    assert other.post(reverse("sign-in-factor"), {"code": code_in(str(post()[-1].body))})["Location"] == reverse("home")


def test_a155_a_number_changed_today_signs_in_but_proves_nothing_afresh(cast: Cast, post: Post) -> None:
    admin = cast.admin.user
    Factor.objects.filter(user=admin).delete()
    later = clock.now() + timedelta(hours=72)
    Factor.objects.create(user=admin, method=Method.EMAIL, name="email", is_default=True, trusted_from=later)
    client = half_sign_in(cast.admin)
    client.post(reverse("sign-in-factor"), {"code": code_in(str(post()[-1].body))})
    assert client.get(reverse("home")).status_code == 200
    answer = client.get(reverse("manage-users"))
    assert answer["Location"].startswith(reverse("prove-again"))
    page = client.get(answer["Location"]).content.decode()
    assert "Recovery code" in page
    assert "in the last 72 hours" in page
    assert "more than 15 minutes ago" not in page, "untrue here"
    assert "Try another way" not in page


def test_p19_with_a_fresh_proof_there_is_nothing_to_ask(cast: Cast) -> None:
    client = let_in(cast.exams_officer)
    answer = client.get(reverse("prove-again"))
    assert answer["Location"] == reverse("home")


def test_sign6_signing_out_clears_what_the_browser_keeps(cast: Cast) -> None:
    answer = let_in(cast.user).post(reverse("sign-out"))
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
