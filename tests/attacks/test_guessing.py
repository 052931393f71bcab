"""Guessing passwords (A11-A23): what is paused, for whom, in which spelling, and who gets in all the same. Races are in test_races."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.invites.flow import resend
from accounts.models import Invitation, Session
from permissions.membership.flow import accept, open_membership
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock, limits
from portal.outbox.models import Message
from portal.ratelimit import allow
from tests.attacks.strangers import WRONG, cost, events, fill, give_password, seen, step_one
from tests.cast import PASSWORD, Cast, code_in, half_sign_in, invite, sign_in, temporary_password_in

Post = Callable[[], list[EmailMultiAlternatives]]
NEW: Final = "velvet compass 31"
PAUSE: Final = timedelta(minutes=limits.P11_PAUSE_MINUTES)


def got_in(answer: Any) -> bool:
    return bool(answer.status_code == 302)


def test_a11_the_pause_says_nothing_and_ends_after_fifteen_minutes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        first = seen(give_password(step_one("user@glan.example")))
        for _number in range(limits.P11_PASSWORD_FAILURES - 1):
            assert seen(give_password(step_one("user@glan.example"))) == first
        for password in (WRONG, PASSWORD, PASSWORD):
            with cost(monkeypatch) as found:
                assert seen(give_password(step_one("user@glan.example"), password)) == first
            assert found.hashes == 0, "refused unseen"
        assert events("PASSWORD_REFUSED", subject_id=str(cast.user.user.pk)) == limits.P11_PASSWORD_FAILURES + 3, "each leaves its event"
        traveller.shift(PAUSE - timedelta(seconds=1))
        assert not got_in(give_password(step_one("user@glan.example"), PASSWORD))
        traveller.shift(timedelta(seconds=1))
        assert got_in(give_password(step_one("user@glan.example"), PASSWORD)), "what was refused did not make it longer"


@pytest.mark.parametrize("address", ["198.51.100.7", "2001:db8:1:2::", "::ffff:198.51.100.9"])
def test_a13_one_password_over_many_accounts_is_stopped_by_the_address_alone(cast: Cast, address: str) -> None:
    """Neither invented headers nor the rest of an IPv6 network, nor an IPv4 address written as one, gives new tries."""
    nearly = limits.P12_ADDRESS_FAILURES - 2
    network = {"2001:db8:1:2::": "2001:db8:1:2::/64", "::ffff:198.51.100.9": "198.51.100.9"}.get(address, address)
    fill("password-address", network, nearly, (limits.P12_ADDRESS_FAILURES, limits.P12_WINDOW_MINUTES * 60))
    for number in range(2):
        beside = f"{address}{number + 1:x}" if address.endswith("::") else address
        give_password(step_one(f"nobody{number}@glan.example"), WRONG, REMOTE_ADDR=beside)
    for number, spoofed in enumerate(("X-Forwarded-For", "Forwarded", "X-Real-IP", "Client-IP")):
        beside = f"{address}ffff:{number}" if address.endswith("::") else address
        answer = give_password(step_one("user@glan.example"), PASSWORD, REMOTE_ADDR=beside, headers={spoofed: f"203.0.113.{number}"})
        assert not got_in(answer), spoofed
    assert got_in(give_password(step_one("user@glan.example"), PASSWORD, REMOTE_ADDR="198.51.100.8")), "the rest of the world"
    assert got_in(give_password(step_one("admin@glan.example"), PASSWORD, REMOTE_ADDR="2001:db8:1:3::1"))


def test_a13_the_alarm_rings_once_and_right_passwords_never_count(cast: Cast) -> None:
    fill("password-all", "", limits.P12_ALARM_FAILURES - 1, (limits.P12_ALARM_FAILURES, limits.P12_ALARM_WINDOW_MINUTES * 60))
    assert got_in(give_password(step_one("user@glan.example"), PASSWORD))
    assert events("GUESSING_ALARM") == 0
    for number in range(3):
        give_password(step_one(f"nobody{number}@glan.example"))
    assert events("GUESSING_ALARM") == 1


def test_a13_a_right_password_of_ones_own_does_not_clear_the_address(cast: Cast) -> None:
    """Whoever has an account sprays others and signs in to their own in between."""
    rule = (limits.P12_ADDRESS_FAILURES, limits.P12_WINDOW_MINUTES * 60)
    fill("password-address", "127.0.0.1", limits.P12_ADDRESS_FAILURES - 1, rule)
    assert got_in(give_password(step_one("admin@glan.example"), PASSWORD))
    give_password(step_one("nobody@glan.example"))
    assert not got_in(give_password(step_one("admin@glan.example"), PASSWORD))


def test_a16_the_ten_tries_of_an_invite_are_for_its_whole_life(cast: Cast, post: Post) -> None:
    """Whatever lies between: right passwords of others, pauses, another browser, capitals; a new sending begins anew, once asked for."""
    invitation = invite(cast.exams_officer, "new@glan.example")
    secret = temporary_password_in(str(post()[-1].body))
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P6_TEMPORARY_PASSWORD_TRIES - 1):
            assert not got_in(give_password(step_one(("new@glan.example", " NEW@Glan.Example ")[number % 2])))
            traveller.shift(timedelta(days=4))
        assert got_in(give_password(step_one("new@glan.example"), f" {secret.upper()} ")), "nine wrong ones are forgiven"
        assert not got_in(give_password(step_one("new@glan.example"))), "but not forgotten"
        assert Invitation.objects.get().tries_left == 0
        assert events("INVITE_LOCKED") == 1
        assert Message.objects.filter(kind="invite_locked", recipient="eo@glan.example").count() == 1
        traveller.shift(timedelta(days=4))
        for _number in range(2):
            assert not got_in(give_password(step_one("new@glan.example"), secret))
        assert events("INVITE_LOCKED") == 1
        resend(actor=cast.exams_officer.user, invitation=invitation)
        assert not got_in(give_password(step_one("new@glan.example"), secret)), "the old one stays dead"
        assert got_in(give_password(step_one("new@glan.example"), temporary_password_in(str(post()[-1].body))))


def test_a18_a_right_code_clears_neither_the_hours_count_nor_the_days(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for attempt in range(limits.P13_FACTOR_FAILURES_PER_HOUR // 4):
            traveller.move_to(start + timedelta(minutes=6 * attempt))
            client = half_sign_in(cast.user)
            for _number in range(4):
                client.post(reverse("sign-in-factor"), {"code": "000000"})
            right = client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()})
            assert got_in(right) is (attempt < limits.P13_FACTOR_FAILURES_PER_HOUR // 4 - 1), attempt
        traveller.shift(timedelta(minutes=6))
        client = half_sign_in(cast.user)
        before = events("CODE_REFUSED")
        assert "too many times" in client.post(reverse("sign-in-factor"), {"code": cast.user.app_code()}).content.decode()
        assert events("CODE_REFUSED") == before + 1, "also what is refused unseen leaves its event"
        traveller.move_to(start + timedelta(minutes=60))
        assert sign_in(cast.user)


def test_a20_a_hundred_wrong_passwords_of_strangers_keep_nobody_out_of_a_recognised_browser(cast: Cast, post: Post) -> None:
    own = sign_in(cast.exams_officer)
    own.post(reverse("sign-out"))
    row = (limits.P11_FAILURES_IN_A_ROW, allow.IN_A_ROW)
    fill("password", "eo@glan.example", limits.P11_FAILURES_IN_A_ROW, row)
    assert not got_in(give_password(step_one("eo@glan.example"), PASSWORD))
    client = step_one("eo@glan.example", own)
    assert got_in(give_password(client, PASSWORD))
    assert client.get(reverse("home"))["Location"] == reverse("sign-in-factor"), "the code is still asked"
    elsewhere = Client()
    elsewhere.post(reverse("forgot-password"), {"email": "eo@glan.example"})
    code = code_in(str(post()[-1].body), 8)
    form = {"email": "eo@glan.example", "code": code, "new_password": NEW}
    assert elsewhere.post(reverse("reset-password"), form)["Location"] == reverse("sign-in")
    assert got_in(give_password(step_one("eo@glan.example", elsewhere), NEW)), "and by a reset from anywhere"


@pytest.mark.parametrize("door", ["password", "reset"])
def test_a21_every_spelling_of_an_address_has_one_count(cast: Cast, door: str) -> None:
    spellings = ("user@glan.example", "USER@GLAN.EXAMPLE", " User@Glan.example", "user@glan.example\t", "uSeR@glan.Example \r\n")
    if door == "password":
        for number in range(limits.P11_PASSWORD_FAILURES):
            give_password(step_one(spellings[number % len(spellings)]))
        assert not any(got_in(give_password(step_one(spelling), PASSWORD)) for spelling in spellings)
        return
    asked = [Client().post(reverse("forgot-password"), {"email": spelling}) for spelling in spellings]
    assert [got_in(answer) for answer in asked] == [True, False, False, False, False]
    assert Message.objects.count() == 1
    assert Message.objects.get().recipient == "user@glan.example"


def test_a21_what_only_looks_alike_is_refused_and_nobody_is_written_to(cast: Cast) -> None:
    odd = (
        "ｕser@glan.example",
        "user@glan.example.",
        "u\u200bser@glan.example",
        "user@glаn.example",
        "uſer@glan.example",
        "user\u00a0@glan.example",
    )
    for email in odd:
        for door in ("sign-in", "forgot-password"):
            assert not got_in(Client().post(reverse(door), {"email": email})), (door, email)
    assert not Message.objects.exists()


def test_a23_changing_centre_gives_a_stolen_session_no_new_tries(cast: Cast) -> None:
    """Each change of centre gives the session a new id; the count of its wrong passwords goes on."""
    place = open_membership(centre=cast.other_centre, role=Role.ADMIN, rights=default_rights(Role.ADMIN))
    accept(membership=place, user=cast.user.user)
    places = [str(place.pk), str(cast.user.user.memberships.get(centre=cast.centre).pk)]
    client = sign_in(cast.user)
    keys = set()
    for number in range(limits.P8_CODE_TRIES):
        client.post(reverse("choose-centre"), {"membership": places[number % 2]})
        client.get(reverse("services"))
        keys.add(client.session.session_key)
        goal = ("password", "method", "email", "recovery", "security")[number]
        answer = client.post(reverse("confirm", args=[goal]), {"current_password": WRONG})
    assert len(keys) > 1
    assert answer.headers.get("Location") == reverse("sign-in")
    assert client.get(reverse("home")).status_code == 302
    assert not Session.objects.filter(user=cast.user.user).exists()
    assert (events("PASSWORD_REFUSED"), events("SESSIONS_ENDED")) == (limits.P8_CODE_TRIES, 1)
