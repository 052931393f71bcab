"""How often a reset may be asked for: a mailbox and a client address, known or unknown alike (P14)."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from portal import clock, limits
from tests.cast import Cast

TOO_SOON = "Wait a minute"


@pytest.fixture
def traveller() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(clock.now(), tick=False) as coordinates:
        yield coordinates


def asked(email: str, address: str = "192.0.2.1") -> bool:
    """Ask in a fresh browser; say whether it was taken."""
    answer = Client().post(reverse("forgot-password"), {"email": email}, REMOTE_ADDR=address, headers={"accept-language": "en"})
    assert answer.status_code == 302 or TOO_SOON in answer.content.decode()
    return answer.status_code == 302


@pytest.mark.parametrize("email", ["user@glan.example", "nobody@glan.example"])
def test_p14_a_mailbox_gets_one_a_minute_five_an_hour_ten_a_day(cast: Cast, traveller: time_machine.Traveller, email: str) -> None:
    began, taken = clock.now(), []
    for minute in [*range(0, 60, 9), *range(70, 24 * 60, 90)]:
        traveller.move_to(began + timedelta(minutes=minute), tick=False)
        if asked(email):
            taken.append(minute)
    within_an_hour = [minute for minute in taken if minute < taken[0] + 60]
    assert len(within_an_hour) == limits.P14_RESETS_PER_HOUR
    assert len(taken) == limits.P14_RESETS_PER_DAY
    traveller.shift(timedelta(days=1))
    assert asked(email)
    traveller.shift(timedelta(seconds=limits.P14_RESETS_PER_MINUTE * 59))
    assert not asked(email.upper()), "another spelling is the same mailbox"
    traveller.shift(timedelta(seconds=2))
    assert asked(email)


def test_p14_an_address_asks_sixty_times_an_hour(cast: Cast, traveller: time_machine.Traveller) -> None:
    most = limits.P14_RESETS_PER_ADDRESS_PER_HOUR
    assert sum(asked(f"p{number}@glan.example") for number in range(most + 2)) == most
    assert asked("user@glan.example", "198.51.100.1")
    traveller.shift(timedelta(hours=1, seconds=1))
    assert asked("user@cwm.example")
