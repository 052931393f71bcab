"""Wall times become instants: London's, on the two days of change too (A116)."""

from datetime import UTC, datetime

import pytest

from services.releases.forms import WallTimeField
from services.releases.wall import HourTwice, MissingHour, instant_of


@pytest.mark.parametrize("wall", ["2026-03-29T01:00", "2026-03-29T01:59:59"])
def test_an_hour_that_does_not_exist_is_refused(wall: str) -> None:
    with pytest.raises(MissingHour):
        instant_of(datetime.fromisoformat(wall))


@pytest.mark.parametrize("wall", ["2026-10-25T01:00", "2026-10-25T01:59:59"])
def test_an_hour_that_comes_twice_is_refused(wall: str) -> None:
    with pytest.raises(HourTwice):
        instant_of(datetime.fromisoformat(wall))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("2026-03-29T01:30", "The clocks go forward"),
        ("2026-10-25T01:30", "The clocks go back"),
        ("tomorrow", "Enter a valid date and time"),
        ("2026-08-13T08:00Z", "Enter a valid date and time"),
        ("1926-08-13T08:00", "Enter a valid date and time"),
    ],
)
def test_the_form_says_kindly_what_is_wrong_with_a_time(typed: str, said: str) -> None:
    from django.core.exceptions import ValidationError

    with pytest.raises(ValidationError) as caught:
        WallTimeField().clean(typed)
    assert said in str(caught.value.messages)


def test_the_form_shows_an_instant_as_londons_clocks_do() -> None:
    field = WallTimeField()
    assert field.clean("2026-08-13T08:00") == datetime(2026, 8, 13, 7, 0, tzinfo=UTC)
    assert field.prepare_value(datetime(2026, 8, 13, 7, 0, tzinfo=UTC)) == datetime(2026, 8, 13, 8, 0)  # noqa: DTZ001
