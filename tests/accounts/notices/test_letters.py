"""ui.md 4.2: what each security notice says, read as it leaves the house."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import RequestFactory

from accounts.events import Event
from accounts.models import EmailChange, FreezeReference, Method, User
from accounts.notices import send
from accounts.notices.reference import digest_of
from portal import clock
from portal.audit.record import record
from portal.outbox.models import Message
from portal.outbox.render import Letter, render
from portal.web.origin import OriginMiddleware
from tests.cast import Cast

EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36 Edg/126.0"
AUGUST = "2026-08-13T07:05:00+00:00"
REFERENCE = re.compile(r"(?:[a-z2-9]{4}-){6}[a-z2-9]{4}")


def in_a_request(deed: Callable[[], object], address: str = "192.0.2.4") -> None:
    """Do something as if a browser had asked for it."""

    def answer(_request: object) -> HttpResponse:
        deed()
        return HttpResponse()

    OriginMiddleware(answer)(RequestFactory(REMOTE_ADDR=address).get("/", headers={"user-agent": EDGE}))


def change_of(user: User) -> EmailChange:
    return EmailChange.objects.create(user=user, old="old@glan.example", new=user.email)


NOTICES: dict[str, Callable[[User], None]] = {
    "password_changed": send.password_changed,
    "factor_changed": lambda user: send.factor_changed(user, what="added", method=Method.APP),
    "recovery_codes_made": send.recovery_codes_made,
    "recovery_code_used": lambda user: send.recovery_code_used(user, left=3),
    "new_sign_in": send.new_sign_in,
    "wrong_factor": send.wrong_factor,
    "email_changed": lambda user: send.email_changed(user, change_of(user)),
}
QUIET: dict[str, Callable[[User], None]] = {
    "password_locked": send.password_locked,
    "account_frozen": lambda user: send.frozen(user, to=user.email),
    "hold_started": lambda user: send.hold_started(user, to=user, until=AUGUST, centre="Ysgol Glan y Mor 68001"),
}


def letters(deed: Callable[[User], None], user: User) -> list[Letter]:
    with time_machine.travel(AUGUST, tick=False):
        in_a_request(lambda: deed(user))
    return [render(message) for message in Message.objects.filter(channel="email").order_by("created_at")]


@pytest.mark.parametrize("language", ["en", "cy"])
@pytest.mark.parametrize("kind", [*NOTICES, *QUIET])
def test_every_notice_says_when_in_uk_time_and_names_portal_and_the_help_desk(cast: Cast, kind: str, language: str) -> None:
    cast.user.user.language = language
    found = letters((NOTICES | QUIET)[kind], cast.user.user)
    assert found
    for letter in found:
        assert letter.subject
        if language == "en":
            assert "Portal" in letter.subject
        for part in (letter.text, letter.html):
            assert "08:05" in part
            assert "2026" in part
            assert "ithelpdesk@wjec.co.uk" in part
            assert "Mozilla" not in part
            assert "192.0.2.4" not in part
        assert "  \n" not in letter.text
        assert "{" not in letter.text


@pytest.mark.parametrize("kind", list(NOTICES))
def test_a_notice_says_in_which_browser_and_how_to_freeze(cast: Cast, kind: str) -> None:
    for letter in letters(NOTICES[kind], cast.user.user):
        reference = REFERENCE.search(letter.text)
        assert reference
        assert FreezeReference.objects.filter(digest=digest_of(reference[0]), user=cast.user.user).exists()
        for part in (letter.text, letter.html):
            assert "Browser: Edge, Windows" in part
            assert f"/freeze/#{reference[0]}" in part
            assert "If this was not you" in part
            assert part.count(reference[0]) == 2
        assert reference[0] not in letter.subject


@pytest.mark.parametrize("kind", list(NOTICES))
def test_contract_no_reference_stands_in_a_path_or_a_query(cast: Cast, kind: str) -> None:
    for letter in letters(NOTICES[kind], cast.user.user):
        for link in re.findall(r"https?://[^\s\"<]+", letter.text + letter.html):
            assert not REFERENCE.search(link.partition("#")[0])


@pytest.mark.parametrize("kind", list(QUIET))
def test_a_letter_without_a_freeze_button_makes_no_reference(cast: Cast, kind: str) -> None:
    assert not any("/freeze/" in letter.text for letter in letters(QUIET[kind], cast.user.user))
    assert not FreezeReference.objects.exists()


def test_a_welsh_notice_leads_to_the_welsh_page(cast: Cast) -> None:
    cast.user.user.language = "cy"
    (letter,) = letters(send.new_sign_in, cast.user.user)
    assert "/freeze/?lang=cy#" in letter.text


def test_the_network_is_known_only_after_an_earlier_sign_in_from_it(cast: Cast) -> None:
    user = cast.user.user
    for address, hours in (("192.0.2.4", 0), ("192.0.2.5", 2)):
        with time_machine.travel(clock.now() - timedelta(hours=hours), tick=False):
            in_a_request(lambda: record(Event.SIGNED_IN, actor=user, subject=user), address)
    for address, words in (("192.0.2.4", "have not signed in from before"), ("192.0.2.5", "one that you have signed in from before")):
        Message.objects.all().delete()
        in_a_request(lambda: send.new_sign_in(user), address)
        assert words in render(Message.objects.get()).text


@pytest.mark.parametrize("method", list(Method))
@pytest.mark.parametrize("what", ["added", "changed", "removed"])
def test_a156_each_change_of_a_method_has_a_sentence_of_its_own(cast: Cast, what: str, method: Method) -> None:
    (letter,) = letters(lambda user: send.factor_changed(user, what=what, method=method), cast.user.user)
    first = " ".join(letter.text.split("\n\n")[1].split())
    assert what in first
    words = {"app": "authenticator app", "sms": "phone number", "email": "email", "passkey": "passkey"}
    assert (words[method] if what != "changed" or method != "sms" else "text message") in first.lower()
    assert what in letter.subject
    assert "Your other sessions have ended." in letter.text


@pytest.mark.parametrize(
    ("by", "words"), [("centre", "Your Exams Officer or an Admin of your centre"), ("help_desk", "The help desk has done this")]
)
def test_mfa4_a_reset_says_who_did_it_and_not_where_they_sat(cast: Cast, by: str, words: str) -> None:
    (letter,) = letters(lambda user: send.factor_changed(user, what="reset", method="", by=by), cast.user.user)
    assert letter.subject == "Your Portal MFA methods have been reset"
    assert "At your next sign-in we ask you to set up a new one." in letter.text
    assert words in letter.text
    assert "If you did not ask for this, freeze your account" in letter.text
    for part in (letter.text, letter.html):
        assert "Browser" not in part
        assert "Network" not in part


@pytest.mark.parametrize(("left", "words"), [(1, "1 recovery code left"), (3, "3 recovery codes left"), (0, "0 recovery codes left")])
def test_mfa2_a_used_recovery_code_says_how_many_are_left(cast: Cast, left: int, words: str) -> None:
    (letter,) = letters(lambda user: send.recovery_code_used(user, left=left), cast.user.user)
    assert words in " ".join(letter.text.split())
    assert words in letter.html


def test_pro2_neither_letter_of_a_changed_address_names_the_other(cast: Cast) -> None:
    old, new = letters(NOTICES["email_changed"], cast.user.user)
    assert "user@glan.example" not in old.text + old.html
    assert "old@glan.example" not in new.text + new.html
    assert "this address is put back" in old.text
    to = list(Message.objects.order_by("created_at").values_list("recipient", flat=True))
    assert to == ["old@glan.example", "user@glan.example"]


@pytest.mark.parametrize("deed", [send.password_locked, send.wrong_factor])
def test_what_a_stranger_can_cause_is_told_once_an_hour(cast: Cast, deed: Callable[[User], None]) -> None:
    for _number in range(5):
        deed(cast.user.user)
    assert Message.objects.count() == 1
    with time_machine.travel(clock.now() + timedelta(hours=1, seconds=1)):
        deed(cast.user.user)
    assert Message.objects.count() == 2


def test_staff_are_told_to_ring_the_help_desk(cast: Cast) -> None:
    (letter,) = letters(QUIET["account_frozen"], cast.staff.user)
    assert "ring the help desk" in letter.text
    assert "Forgot" not in letter.text
    Message.objects.all().delete()
    (letter,) = letters(QUIET["account_frozen"], cast.user.user)
    assert "choose “Forgot your password?”" in letter.text


def test_a155_the_old_number_is_told_in_one_text_of_plain_letters(cast: Cast) -> None:
    send.number_replaced(cast.user.user, old_number="+447700900123")
    text = render(Message.objects.get(channel="sms")).text
    assert text.isascii()
    assert len(text) <= 160
    assert "ithelpdesk@wjec.co.uk" in text


def test_a100_links_come_from_the_base_alone(cast: Cast) -> None:
    poisoned = RequestFactory(HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example").get("/")

    def answer(_request: object) -> HttpResponse:
        send.new_sign_in(cast.user.user)
        return HttpResponse()

    OriginMiddleware(answer)(poisoned)
    letter = render(Message.objects.get())
    assert "evil" not in letter.text + letter.html + letter.subject
