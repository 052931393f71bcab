"""HELP-1: the help desk's first page says what waits for a decision, and leads there."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from accounts.helpdesk import factor_reset
from accounts.helpdesk.groups import StaffGroup
from accounts.models import Succession
from accounts.succession import flow, head
from portal import clock, limits
from portal.outbox.models import Message
from tests.accounts.succession.asking import WISH
from tests.cast import Cast, Person, make_person

SignIn = Callable[[Person], Client]
CONFIRMED = "Changes of Exams Officer confirmed by the head of centre"
RESETS = "MFA resets that wait for a second member of staff"


@pytest.fixture
def case(cast: Cast) -> Succession:
    """A change of Exams Officer that the head of centre has not answered yet."""
    return flow.ask(actor=cast.admin.user, membership=cast.admin.membership, wish=flow.Wish(**WISH))


def confirm() -> None:
    head.answer(reference=Message.objects.get(kind="succession_confirm").secret, confirmed=True)


def first_page(browser: Client) -> str:
    return browser.get(reverse("admin:index")).content.decode()


def test_a_change_that_the_head_of_centre_confirmed_is_counted_until_it_is_decided_or_over(
    cast: Cast, case: Succession, signed_in: SignIn
) -> None:
    browser = signed_in(cast.staff)
    assert CONFIRMED not in first_page(browser)
    confirm()
    assert f"{CONFIRMED}: 1" in first_page(browser)
    listed = browser.get(reverse("admin:accounts_succession_changelist"), {"stage__exact": "staff"}).content.decode()
    assert case.full_name in listed
    Succession.objects.update(expires_at=clock.now() - timedelta(seconds=1))
    assert CONFIRMED not in first_page(browser)


def test_an_mfa_reset_is_counted_for_a_day(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    factor_reset.ask_reset(actor=cast.staff.user, person=cast.admin.user, reason="Lost phone")
    assert f"{RESETS}: 1" in first_page(browser)
    with time_machine.travel(clock.now() + timedelta(hours=limits.FACTOR_RESET_HOURS), tick=False):
        assert RESETS not in first_page(signed_in(cast.staff))


def test_somebody_without_the_right_is_told_nothing(cast: Cast, case: Succession, signed_in: SignIn) -> None:
    confirm()
    manager = make_person("release@board.example", is_staff=True)
    manager.user.groups.add(Group.objects.get(name=StaffGroup.RELEASE_MANAGER))
    assert CONFIRMED not in first_page(signed_in(manager))
