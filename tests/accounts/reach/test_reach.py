"""HELP-2: test whether our e-mails reach you, and what a school's IT must allow."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.models import User
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox.models import Message, State
from tests.cast import Cast, let_in

Post = Callable[[], list[EmailMultiAlternatives]]


def test_help2_a_test_email_goes_to_oneself_and_shows_its_state(cast: Cast, post: Post) -> None:
    User.objects.filter(pk=cast.user.user.pk).update(language="cy")
    browser, url = let_in(cast.user), reverse("test-email")
    browser.cookies["portal_language"] = "en"
    assert not Message.objects.filter(kind="test_email").exists()
    page = browser.post(url, {"email": "other@else.example"}, follow=True).content.decode()
    assert "It waits to be sent" in page
    letter = post()[-1]
    assert (letter.to, letter.subject) == (["user@glan.example"], "Porth: e-bost prawf")
    assert "It has left us" in browser.get(url).content.decode()
    for state, words in ((State.DELIVERED, "has taken it"), (State.BOUNCED, "tag-danger"), (State.DEAD, "We could not send it")):
        Message.objects.filter(kind="test_email").update(state=state, reason="5.2.2 mailbox full")
        assert words in browser.get(url).content.decode()
    assert AuditEvent.objects.filter(number=Event.TEST_EMAIL_SENT.number).count() == 1


def test_help2_one_a_minute_and_ten_a_day(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        browser, url = let_in(cast.user), reverse("test-email")
        for _time in range(limits.HELP2_TESTS_PER_DAY):
            assert "Test email sent" in browser.post(url, follow=True).content.decode()
            assert "too many today" in browser.post(url, follow=True).content.decode()
            traveller.shift(timedelta(seconds=limits.HELP2_TEST_SECONDS))
        assert "too many today" in browser.post(url, follow=True).content.decode()
    assert Message.objects.filter(kind="test_email").count() == limits.HELP2_TESTS_PER_DAY


def test_help2_nobody_sends_one_without_signing_in(cast: Cast) -> None:
    assert Client().post(reverse("test-email")).status_code == 302
    assert not Message.objects.filter(kind="test_email").exists()


@pytest.mark.parametrize(("language", "heading"), [("en", "What to allow for Portal"), ("cy", "Beth i’w ganiatáu ar gyfer Porth")])
def test_help2_the_page_for_it_names_the_one_host_and_the_sender(db: None, settings: object, language: str, heading: str) -> None:
    settings.PORTAL_BASE_URL = "https://portal.example.org/"  # type: ignore[attr-defined]
    page = Client().get(reverse("help-it"), {"lang": language}).content.decode()
    assert heading in page
    assert "portal.example.org" in page
    assert settings.DEFAULT_FROM_EMAIL in page  # type: ignore[attr-defined]
    assert reverse("help-it") in Client().get(reverse("help"), {"lang": language}).content.decode()
