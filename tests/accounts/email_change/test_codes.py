"""The code that proves a new address: of one person, one browser, one address, ten minutes, five tries (P8, P15)."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.events import Event
from accounts.models import Code, Purpose
from portal import clock
from portal.outbox.models import Message
from tests.accounts.email_change.asking import NEW, WRONG, Post, ask, code_to, confirmed, email_of, enter, events
from tests.cast import Cast, make_person


def test_a31_a_code_of_another_person_is_refused(cast: Cast, post: Post) -> None:
    mine, theirs = confirmed(cast.user), confirmed(cast.admin)
    ask(mine)
    ask(theirs, "bethan@new.example")
    code = code_to("bethan@new.example", post)
    assert WRONG in enter(mine, code)
    assert email_of(cast.user) == "user@glan.example"


def test_a33_a_code_of_another_browser_is_refused(cast: Cast, post: Post) -> None:
    first, second = confirmed(cast.user), confirmed(cast.user)
    ask(first)
    code = code_to(NEW, post)
    session = second.session
    session["email_change_to"], session["email_change_asked_at"] = NEW, clock.now().timestamp()
    session.save()
    assert WRONG in enter(second, code)
    assert email_of(cast.user) == "user@glan.example"
    assert "has been changed" in enter(first, code)


def test_a30_after_a_second_address_the_code_of_the_first_is_dead(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    first = code_to(NEW, post)
    ask(client, "other@new.example")
    second = code_to("other@new.example", post)
    assert WRONG in enter(client, first)
    enter(client, second)
    assert email_of(cast.user) == "other@new.example"


def test_a_code_proves_the_address_it_was_sent_to_and_no_other(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    session = client.session
    session["email_change_to"] = "other@new.example"
    session.save()
    assert WRONG in enter(client, code_to(NEW, post))
    assert email_of(cast.user) == "user@glan.example"


def test_half_an_hour_after_it_was_asked_for_the_page_begins_anew(cast: Cast) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = confirmed(cast.user)
        ask(client)
        traveller.shift(timedelta(minutes=29))
        assert client.get(reverse("change-email-code")).status_code == 200
        traveller.shift(timedelta(minutes=2))
        assert client.get(reverse("change-email-code"))["Location"] == reverse("change-email")


def test_a_sign_in_or_reset_code_changes_no_address(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    Code.objects.filter(purpose=Purpose.EMAIL).update(purpose=Purpose.CONFIRM)
    assert WRONG in enter(client, code_to(NEW, post))


def test_p8_five_wrong_codes_and_the_right_one_is_dead(cast: Cast, post: Post) -> None:
    client = confirmed(cast.user)
    ask(client)
    code = code_to(NEW, post)
    for number in range(5):
        assert WRONG in enter(client, f"{(int(code) + 1 + number) % 1_000_000:06d}")
    assert WRONG in enter(client, code)
    assert len([event for event in events(Event.CODE_REFUSED) if event.detail.get("purpose") == "email"]) == 6


@pytest.mark.parametrize(("seconds", "changed"), [(-1, True), (0, False), (1, False)])
def test_a28_the_code_lives_ten_minutes(cast: Cast, post: Post, seconds: int, changed: bool) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = confirmed(cast.user)
        ask(client)
        code = code_to(NEW, post)
        traveller.shift(timedelta(minutes=10, seconds=seconds))
        enter(client, code)
        assert (email_of(cast.user) == NEW) is changed


@pytest.mark.parametrize("code", ["", "\x00", "1" * 9_000, "12345", "+12345", "１２３４５６", "12_345"])
def test_a51_odd_codes_are_refused(cast: Cast, code: str) -> None:
    client = confirmed(cast.user)
    ask(client)
    answer = client.post(reverse("change-email-code"), {"code": code})
    assert answer.status_code == 200
    assert "Error:" in answer.content.decode()
    assert email_of(cast.user) == "user@glan.example"


def test_p15_another_code_after_a_minute_and_five_an_hour(cast: Cast, post: Post) -> None:
    with time_machine.travel(clock.now(), tick=False) as traveller:
        client = confirmed(cast.user)
        ask(client)
        first = code_to(NEW, post)

        def again() -> str:
            return client.post(reverse("change-email-code"), {"again": "1"}, follow=True).content.decode()

        page = again()
        assert "Wait a minute" in page
        assert NEW in page
        for _number in range(4):
            traveller.shift(timedelta(seconds=61))
            assert "We have sent another code" in again()
        newest = code_to(NEW, post)
        traveller.shift(timedelta(seconds=61))
        assert "Wait a minute" in again()
        assert WRONG in enter(client, first)
        assert "has been changed" in enter(client, newest)


def test_p15_one_mailbox_is_not_flooded_by_many_accounts(cast: Cast) -> None:
    for number in range(7):
        person = make_person(f"p{number}@glan.example")
        ask(confirmed(person))
    assert Message.objects.filter(recipient=NEW).count() == 5
