"""P16, A146, F20: how many texts may leave, and what people see when one cannot."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from accounts.codes.budget import take_text
from accounts.codes.rules import NoTextNow
from accounts.events import Event
from accounts.models import Method
from permissions.roles import Role
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox import relay
from portal.outbox.models import Message, State
from portal.outbox.sms import GatewayRefused
from tests.accounts.methods.fresh import add_factor
from tests.cast import Cast, Person, code_in, half_sign_in, make_member

NUMBER = "+447700900321"
FAILED = "We could not send the text. Choose another way"


def refused(person: Person, number: str) -> bool:
    try:
        take_text(user=person.user, number=number)
    except NoTextNow:
        return True
    return False


def number(n: int) -> str:
    return f"+4477009{n:05}"


def test_p16_ten_texts_a_day_to_a_number_whoever_asks(cast: Cast) -> None:
    people = [cast.user, cast.admin]
    for n in range(limits.P16_SMS_PER_NUMBER_PER_DAY):
        assert not refused(people[n % 2], NUMBER)
    assert refused(cast.exams_officer, NUMBER)
    assert not refused(cast.exams_officer, number(1))
    with time_machine.travel(clock.now() + timedelta(days=1, minutes=1)):
        assert not refused(cast.user, NUMBER)


def test_p16_ten_texts_a_day_for_a_person_whatever_the_number(cast: Cast) -> None:
    for n in range(limits.P16_SMS_PER_PERSON_PER_DAY):
        assert not refused(cast.user, number(n))
    assert refused(cast.user, number(99))


def test_p16_a_hundred_texts_a_day_for_a_centre(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "P16_SMS_PER_CENTRE_PER_DAY", 3)
    other = make_member(cast.centre, Role.USER, "second@glan.example")
    assert [refused(person, number(n)) for n, person in enumerate([cast.user, other, cast.admin, cast.user])] == [False, False, False, True]
    assert not refused(cast.other_exams_officer, number(9))


def test_p16_the_day_s_budget_alarms_at_half_and_stops_at_the_whole(
    cast: Cast, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SMS_BUDGET_PER_DAY = 6
    people = [cast.user, cast.admin, cast.exams_officer, cast.other_exams_officer]
    assert [refused(people[n % 4], number(n)) for n in range(8)] == [False] * 6 + [True] * 2
    alarms = AuditEvent.objects.filter(number=Event.SMS_BUDGET_ALARM.number).order_by("pk")
    assert [event.detail["percent"] for event in alarms] == [50, 100]
    assert len([line for line in caplog.records if line.name == "portal.sms"]) == 2


def test_a146_nothing_is_sent_before_a_right_password(cast: Cast) -> None:
    add_factor(cast.user, Method.SMS, number=NUMBER, is_default=True)
    browser = Client()
    browser.post(reverse("sign-in"), {"email": cast.user.user.email})
    browser.post(reverse("sign-in-password"), {"password": "not the password"})
    browser.post(reverse("sign-in-factor"), {"again": "1"})
    assert not Message.objects.filter(channel="sms").exists()


# --- F20 -----------------------------------------------------------------------
@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """A gateway that can fail: what leaves is in `Message`, as everywhere."""
    state = {"down": True}

    def gateway(_message: Any, _letter: Any) -> str:
        if state["down"]:
            raise GatewayRefused()
        return ""

    monkeypatch.setattr(relay, "send_sms", gateway)
    return lambda down: state.update(down=down)


def texter(cast: Cast) -> Person:
    add_factor(cast.user, Method.SMS, number=NUMBER, is_default=True)
    return cast.user


def test_f20_a_failing_gateway_is_told_and_another_method_offered(cast: Cast, broken: Callable[[bool], None]) -> None:
    browser = half_sign_in(texter(cast))
    page = browser.get(reverse("sign-in-factor")).content.decode()
    assert FAILED not in page
    assert "If no text has arrived within 30 seconds, choose another way." in page
    relay.sweep()
    page = browser.get(reverse("sign-in-factor")).content.decode()
    assert FAILED in page
    assert "We have sent a code by text message" not in page
    assert "<details open>" in page
    assert "Authenticator App" in page


def test_f20_no_silent_switch_to_a_weaker_method(cast: Cast, broken: Callable[[bool], None]) -> None:
    add_factor(cast.user, Method.EMAIL)
    browser = half_sign_in(texter(cast))
    relay.sweep()
    assert "Check your phone" in browser.get(reverse("sign-in-factor")).content.decode()
    assert not Message.objects.filter(channel="email", kind="sign_in_code").exists()


def test_f20_a_text_that_nobody_has_taken_for_20_seconds_is_told_too(cast: Cast) -> None:
    browser = half_sign_in(texter(cast))
    with time_machine.travel(clock.now() + timedelta(seconds=limits.F20_TEXT_SECONDS + 1)):
        assert FAILED in browser.get(reverse("sign-in-factor")).content.decode()


def test_f20_no_double_text_when_the_gateway_comes_back(cast: Cast, broken: Callable[[bool], None]) -> None:
    browser = half_sign_in(texter(cast))
    relay.sweep()
    with time_machine.travel(clock.now() + timedelta(seconds=limits.P15_RESEND_SECONDS + 5)):
        browser.post(reverse("sign-in-factor"), {"again": "1"})
        broken(False)
        relay.sweep()
        texts = Message.objects.filter(channel="sms").order_by("created_at")
        assert [row.state for row in texts] == [State.EXPIRED, State.ACCEPTED]
        assert FAILED not in browser.get(reverse("sign-in-factor")).content.decode()


def test_p16_a_refusal_by_the_budget_is_told_on_the_code_page(cast: Cast, settings: Settings) -> None:
    settings.SMS_BUDGET_PER_DAY = 1
    assert not refused(cast.admin, number(1))
    browser = half_sign_in(texter(cast))
    assert FAILED in browser.get(reverse("sign-in-factor")).content.decode()
    assert not Message.objects.filter(channel="sms").exists()
    settings.SMS_BUDGET_PER_DAY = 5
    browser.post(reverse("sign-in-factor"), {"again": "1"})
    assert FAILED not in browser.get(reverse("sign-in-factor")).content.decode()


def test_f20_the_code_still_works_once_the_text_arrives(cast: Cast, broken: Callable[[bool], None]) -> None:
    browser = half_sign_in(texter(cast))
    code = code_in(f"{Message.objects.get(channel='sms').secret}")
    relay.sweep()
    assert browser.post(reverse("sign-in-factor"), {"code": code}).status_code == 302


def test_f20_the_page_of_setting_up_says_so_too(cast: Cast, broken: Callable[[bool], None]) -> None:
    person = cast.user
    person.user.factors.all().delete()
    browser = half_sign_in(person)
    browser.post(reverse("factor-sms"), {"number": "07700 900321", "send": "1"})
    assert FAILED not in browser.get(reverse("factor-sms")).content.decode()
    relay.sweep()
    assert FAILED in browser.get(reverse("factor-sms")).content.decode()
