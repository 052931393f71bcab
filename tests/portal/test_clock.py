"""Instants are UTC, wall times London; months are calendar months (INV-4, P22)."""

from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine

from portal import clock

WALL: Final = "%Y-%m-%d %H:%M"


@pytest.mark.parametrize(
    ("sent", "months", "over"),
    [
        ("2026-01-15 10:00", 2, "2026-03-15 10:00"),
        ("2026-12-31 10:00", 2, "2027-02-28 10:00"),
        ("2027-12-31 10:00", 2, "2028-02-29 10:00"),
        ("2026-02-14 09:30", 2, "2026-04-14 09:30"),  # winter to summer time
        ("2026-09-14 09:30", 2, "2026-11-14 09:30"),  # summer to winter time
        ("2026-06-30 00:15", 2, "2026-08-30 00:15"),  # the day before, in UTC
        ("2026-11-30 23:59", 3, "2027-02-28 23:59"),
        ("2026-10-05 12:00", 14, "2027-12-05 12:00"),
    ],
)
def test_inv4_months_keep_the_london_wall_time_and_clamp_the_day(sent: str, months: int, over: str) -> None:
    instant = datetime.strptime(sent, WALL).replace(tzinfo=clock.LONDON).astimezone(UTC)
    later = clock.add_months(instant, months)
    assert later.utcoffset() == timedelta(0)
    assert clock.london(later).strftime(WALL) == over


def test_now_is_aware_utc_and_can_be_set_by_tests() -> None:
    with time_machine.travel(datetime(2026, 8, 13, 7, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2026, 8, 13, 7, 0, tzinfo=UTC)
        assert clock.now().tzinfo is UTC
        assert clock.london(clock.now()).strftime(WALL) == "2026-08-13 08:00"


@pytest.mark.django_db
def test_p22_the_databases_clock_is_its_own() -> None:
    real = clock.now()
    with time_machine.travel(real + timedelta(hours=3), tick=False):
        assert abs(clock.database_now() - real) < timedelta(minutes=1)
        assert clock.database_now().utcoffset() == timedelta(0)
