"""G: sessions, from outside (A88-A96)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.factors.totp.rules import code_at, step_at
from accounts.models import Factor, Method, Session, User
from accounts.sessions.store import SessionStore
from portal import clock, limits
from tests.attacks.knocking import Post, code_of, events, is_outside, knock
from tests.cast import PASSWORD, Cast, Person, half_sign_in, make_person, sign_in

NEW = "a new lantern 42 quilts"


def confirm(browser: Client, person: Person, goal: str) -> None:
    browser.post(reverse("confirm", args=[goal]), {"current_password": PASSWORD})
    Factor.objects.filter(user=person.user).update(last_step=0)
    answer = browser.post(reverse("confirm-code", args=[goal]), {"code": person.app_code()})
    assert answer.status_code == 302, answer.content.decode()


def _change_password(browser: Client, person: Person, _post: Post) -> None:
    confirm(browser, person, "password")
    assert browser.post(reverse("change-password"), {"new_password": NEW}).status_code == 302


def _reset(_browser: Client, person: Person, post: Post) -> None:
    stranger = Client()
    stranger.post(reverse("forgot-password"), {"email": person.user.email})
    code = code_of(post, 8)
    answer = stranger.post(reverse("reset-password"), {"email": person.user.email, "code": code, "new_password": NEW})
    assert answer["Location"] == reverse("sign-in")
    assert is_outside(stranger)


def _change_method(browser: Client, person: Person, post: Post) -> None:
    confirm(browser, person, "method-add")
    browser.post(reverse("factor-email"), {"agreed": "on", "send": "1"})
    answer = browser.post(reverse("factor-email"), {"agreed": "on", "code": code_of(post)})
    assert answer.status_code == 302, answer.content.decode()
    assert Factor.objects.filter(user=person.user, method=Method.EMAIL, confirmed=True).exists()


def _replace_app(browser: Client, person: Person, _post: Post) -> None:
    confirm(browser, person, "method")
    browser.post(reverse("replace-factor", args=[Factor.objects.get(user=person.user).pk]))
    browser.get(reverse("factor-app"))
    fresh = Factor.objects.get(user=person.user, confirmed=False)
    browser.post(reverse("factor-app"), {"code": code_at(fresh.seed, step_at(clock.now().timestamp()))})
    assert not Factor.objects.filter(user=person.user, seed=person.seed).exists()


@pytest.mark.parametrize(("deed", "keeps"), [(_change_password, True), (_reset, False), (_change_method, True), (_replace_app, True)])
def test_a88_older_sessions_and_sign_ins_under_way_are_dead_at_their_next_request(
    cast: Cast, post: Post, deed: Callable[[Client, Person, Post], None], keeps: bool
) -> None:
    person = cast.user
    thief, half, own = sign_in(person), half_sign_in(person), sign_in(person)
    before = own.session.session_key
    deed(own, person, post)
    assert is_outside(thief)
    half.post(reverse("sign-in-factor"), {"code": person.app_code()})
    assert is_outside(half)
    assert is_outside(own) is not keeps
    if keeps:
        assert own.session.session_key != before
        old = Client()
        old.cookies["portal_session"] = str(before)
        assert is_outside(old)


def test_a90_a_copied_cookie_opens_nothing_after_signing_out_and_a_get_signs_nobody_out(cast: Cast) -> None:
    browser, copy = sign_in(cast.user), Client()
    copy.cookies["portal_session"] = browser.cookies["portal_session"].value
    assert not is_outside(copy)
    for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
        assert browser.generic(method, reverse("sign-out")).status_code == 405, method
    assert browser.get(reverse("sign-out"), {"_method": "POST"}, headers={"X-HTTP-Method-Override": "POST"}).status_code == 405
    browser.get(reverse("admin:logout"))
    assert not is_outside(browser)
    answer = browser.post(reverse("sign-out"))
    assert answer["Clear-Site-Data"]
    assert is_outside(copy)
    assert is_outside(browser)
    assert events(Event.SIGNED_OUT) == 1
    assert not Session.objects.filter(user=cast.user.user).exists()


@pytest.mark.parametrize("staff", [False, True])
def test_a91_polling_keeps_no_session_beyond_eight_hours(cast: Cast, staff: bool) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        browser = sign_in(cast.staff if staff else cast.user)
        page = reverse("admin:index") if staff else reverse("services")
        for minute in range(0, limits.P18_ABSOLUTE_HOURS * 60 - 14, 14):
            if minute % 210 == 0:
                assert browser.get(page).status_code == 200, minute
            browser.get(reverse("profile"))
            traveller.shift(timedelta(minutes=14))
        traveller.shift(timedelta(minutes=14))
        assert browser.get(page).status_code == 302
        assert is_outside(browser)


@pytest.mark.parametrize(("staff", "minutes"), [(False, limits.P18_IDLE_MINUTES), (True, limits.P18_STAFF_IDLE_MINUTES)])
def test_a91_nothing_revives_a_session_that_was_idle_too_long(cast: Cast, staff: bool, minutes: int) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        browser = sign_in(cast.staff if staff else cast.user)
        key = browser.session.session_key
        traveller.shift(timedelta(minutes=minutes))
        assert browser.get(reverse("profile")).status_code == 200
        traveller.shift(timedelta(minutes=minutes, seconds=1))
        for name in ("sign-in", "sign-in-factor", "language", "help", "live"):
            browser.get(reverse(name))
        assert is_outside(browser)
        copy = Client()
        copy.cookies["portal_session"] = str(key)
        assert copy.post(reverse("language"), {"language": "cy", "next": "/profile/"}).status_code == 302
        assert is_outside(copy)


def test_a91_a_half_signed_in_state_lives_ten_minutes_whatever_is_opened(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        browser = half_sign_in(cast.user)
        for _turn in range(3):
            traveller.shift(timedelta(minutes=3, seconds=30))
            browser.get(reverse("sign-in-factor"))
            browser.get(reverse("help"))
        browser.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
        assert is_outside(browser)


def test_a93_an_emptied_cache_signs_nobody_out_and_lets_nobody_guess_anew(cast: Cast) -> None:
    browser = sign_in(cast.user)
    for _turn in range(limits.P11_PASSWORD_FAILURES):
        knock("admin@glan.example", "wrong password")
    cache.clear()
    assert not is_outside(browser)
    _stranger, answer = knock("admin@glan.example", PASSWORD)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "name", ["sign-in", "sign-in-password", "sign-in-factor", "forgot-password", "reset-password", "sign-in-set-password"]
)
def test_a95_nobody_is_signed_in_by_a_form_of_another_site(cast: Cast, name: str) -> None:
    """The attacker's own address and password, sent from the victim's browser without our token, or with the attacker's."""
    attacker, victim = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    attacker.get(reverse("sign-in"))
    victim.get(reverse("sign-in"))
    fields = {"email": "user@glan.example", "password": PASSWORD, "code": cast.user.app_code(), "new_password": NEW}
    for token in ({}, {"csrfmiddlewaretoken": attacker.cookies["portal_csrf"].value}):
        for origin in ("https://evil.example", "null", "http://testserver.evil.example", "http://testserver:8080"):
            answer = victim.post(reverse(name), {**fields, **token}, headers={"Origin": origin})
            assert answer.status_code == 403, (token, origin)
    assert is_outside(victim)
    assert "sign_in" not in victim.session
    assert events(Event.SIGNED_IN) == 0


def test_a95_a_session_id_that_was_planted_is_not_taken_over(cast: Cast) -> None:
    """Neither an id that is none nor the attacker's own, known one stays after signing in."""
    attacker = Client()
    attacker.get(reverse("sign-in"))
    attacker.post(reverse("sign-in"), {"email": "x@y.example"})
    for planted in ("a" * 32, str(attacker.session.session_key)):
        victim = Client()
        victim.cookies["portal_session"] = planted
        sign_in(cast.user, victim)
        assert victim.session.session_key != planted
        spy = Client()
        spy.cookies["portal_session"] = planted
        assert is_outside(spy)


def test_a96_nothing_of_the_first_person_is_left_for_the_second(cast: Cast) -> None:
    browser = sign_in(cast.exams_officer)
    browser.get(reverse("manage-users"))
    browser.post(reverse("manage-users"), {"search": "Lowri"})
    confirm(browser, cast.exams_officer, "password")
    browser.post(reverse("profile-edit"), {"first_name": "Nia", "last_name": "Jones", "language": "en"})
    browser.post(reverse("sign-out"))
    left = {key for key in browser.session.keys() if not key.startswith("_")}  # noqa: SIM118  a session is no dict
    assert left <= {"browser"}, left
    for path in (reverse("sign-in"), reverse("sign-in-password"), reverse("forgot-password"), reverse("reset-password")):
        text = browser.get(path, follow=True).content.decode()
        assert "eo@glan.example" not in text, path
        assert "Nia" not in text, path
    sign_in(cast.user, browser)
    assert browser.get(reverse("manage-users")).status_code == 403
    assert browser.get(reverse("change-password"))["Location"].startswith(reverse("confirm", args=["password"]))
    assert "Nia" not in browser.get(reverse("home")).content.decode()


def test_a96_a_timed_out_persons_form_is_not_sent_on_for_the_next(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        browser = sign_in(cast.exams_officer)
        traveller.shift(timedelta(minutes=16))
        browser.post(reverse("delete-user", args=[cast.user.membership.pk]), {"really": "yes"})
        browser.post(reverse("sign-out"))
        sign_in(cast.admin, browser)
        assert "really" not in browser.get(reverse("prove-again"), follow=True).content.decode()
        assert User.objects.filter(pk=cast.user.user.pk).exists()


ODD_COOKIES = [
    '"\\000\\000\\000\\000\\000\\000\\000\\000"', "a" * 5000, "../../etc/passwd", "' OR 1=1 --", "A" * 32, "a" * 31, '"' + "\\303" * 32 + '"', "%00" * 11,
]  # fmt: skip


@pytest.mark.parametrize("cookie", ODD_COOKIES, ids=range(len(ODD_COOKIES)))
def test_a90_a_made_up_session_cookie_is_nobodys_and_no_fault(db: None, cookie: str) -> None:
    for path in (reverse("home"), reverse("sign-in"), "/nothing/here/"):
        answer = Client().get(path, headers={"Cookie": f"portal_session={cookie}; portal_browser={cookie}; portal_csrf={cookie}"})
        assert answer.status_code in {200, 302, 404}
    assert SessionStore(cookie).session_key is None
    assert SessionStore(cookie).load() == {}
    assert connection.is_usable()


def test_a90_staff_sessions_open_no_centre_and_a_centres_no_admin(cast: Cast) -> None:
    clerk = make_person("clerk@board.example", is_staff=True)
    assert sign_in(clerk).get(reverse("manage-users")).status_code == 403
    assert sign_in(cast.exams_officer).get(reverse("admin:index")).status_code in {302, 404}
