"""A stranger cannot keep somebody from resetting their password: the way in of an Exams Officer at 07:55 on results day (A20)."""

from collections.abc import Callable
from datetime import timedelta

import time_machine
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.models import Code, Purpose
from portal import clock, limits
from tests.accounts.reset.test_reset import ask, reset
from tests.cast import Cast, Person, code_in, sign_in

Post = Callable[[], list[EmailMultiAlternatives]]


def recognised_browser(person: Person) -> Client:
    browser = sign_in(person)
    browser.post(reverse("sign-out"))
    return browser


def test_a20_wrong_codes_in_another_browser_use_up_no_tries(cast: Cast, post: Post) -> None:
    owner = ask("eo@glan.example")
    code = code_in(str(post()[-1].body), 8)
    stranger = Client()
    for _number in range(limits.P7_RESET_CODE_TRIES + 1):
        assert "not correct or has expired" in reset(stranger, "eo@glan.example", "00000000")
    assert reset(owner, "eo@glan.example", code) == reverse("sign-in")


def test_a20_asking_again_and_again_elsewhere_neither_ends_nor_delays_the_code_of_a_recognised_browser(cast: Cast, post: Post) -> None:
    owner = recognised_browser(cast.exams_officer)
    post()
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for minute in range(limits.P14_RESETS_PER_HOUR + 1):
            traveller.move_to(start + timedelta(minutes=minute))
            ask("eo@glan.example")
        assert len(post()) == limits.P14_RESETS_PER_HOUR, "the strangers have used up theirs"
        ask("eo@glan.example", owner)
        code = code_in(str(post()[-1].body), 8)
        traveller.shift(timedelta(minutes=25))
        for _number in range(3):
            traveller.shift(timedelta(minutes=1))
            answer = Client().post(reverse("forgot-password"), {"email": "eo@glan.example"})
            assert answer["Location"] == reverse("reset-password") if answer.status_code == 302 else "Wait" in answer.content.decode()
        assert not post()
        assert reset(owner, "eo@glan.example", code) == reverse("sign-in")


def test_a20_what_a_recognised_browser_asked_for_blocks_nobody_once_it_is_over(cast: Cast, post: Post) -> None:
    owner = recognised_browser(cast.exams_officer)
    post()
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        ask("eo@glan.example", owner)
        assert len(post()) == 1
        traveller.move_to(start + timedelta(minutes=limits.P7_RESET_CODE_MINUTES))
        elsewhere = ask("eo@glan.example")
        assert reset(elsewhere, "eo@glan.example", code_in(str(post()[-1].body), 8)) == reverse("sign-in")


def test_a20_the_allowance_of_a_recognised_browser_is_its_owners_alone(cast: Cast, post: Post) -> None:
    browser = recognised_browser(cast.user)
    post()
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for minute in range(limits.P14_RESETS_PER_HOUR + 3):
            traveller.move_to(start + timedelta(minutes=minute))
            ask("eo@glan.example", browser)
        assert len(post()) == limits.P14_RESETS_PER_HOUR
    assert not Code.objects.filter(purpose=Purpose.RESET, recognised=True).exists()
