"""F22: machines whose clocks are ten minutes off. No code is taken past its expiry, and none of the app's twice, whoever made it and whoever reads it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
import time_machine
from django.core.mail import EmailMultiAlternatives
from django.db.models import F

from accounts.models import Code
from portal import limits
from tests.attacks.doors import open_door
from tests.cast import Cast, half_sign_in

Post = Callable[[], list[EmailMultiAlternatives]]
START: Final = datetime(2026, 8, 13, 6, 55, tzinfo=UTC)
OFF: Final = timedelta(minutes=10)
LIVES: Final = {"mail": limits.P8_CODE_MINUTES, "set-up": limits.P8_CODE_MINUTES, "reset": limits.P7_RESET_CODE_MINUTES}


def database_passes(time: timedelta) -> None:
    """Let time go by on the database's clock."""
    Code.objects.update(stamped_at=F("stamped_at") - time)


@pytest.mark.parametrize("name", LIVES)
@pytest.mark.parametrize(("made", "read"), [(OFF, timedelta()), (timedelta(), -OFF), (OFF, -OFF)])
def test_f22_no_code_outlives_its_expiry_by_the_databases_clock(
    cast: Cast, post: Post, name: str, made: timedelta, read: timedelta
) -> None:
    life = timedelta(minutes=LIVES[name])
    with time_machine.travel(START + made, tick=False) as machine:
        door = open_door(name, cast, post)
        machine.move_to(START + read + life)
        database_passes(life)
        assert not door.give(door.code)
        assert not Code.objects.filter(spent_at=None).exists(), "dead for good"


@pytest.mark.parametrize("name", LIVES)
def test_f22_a_code_made_where_the_clock_is_ahead_opens_in_its_time(cast: Cast, post: Post, name: str) -> None:
    with time_machine.travel(START + OFF, tick=False) as machine:
        door = open_door(name, cast, post)
        machine.move_to(START + timedelta(minutes=1))
        database_passes(timedelta(minutes=1))
        assert door.give(door.code)


@pytest.mark.parametrize(("first", "second"), [(timedelta(), OFF), (OFF, timedelta()), (timedelta(), -OFF), (-OFF, timedelta())])
def test_f22_no_code_of_the_app_opens_twice_between_machines_of_different_time(
    cast: Cast, post: Post, first: timedelta, second: timedelta
) -> None:
    """The step of the last accepted code is kept with the person and only ever raised, whatever a machine takes for now."""
    with time_machine.travel(START + first, tick=False) as machine:
        door = open_door("app", cast, post)
        assert door.give(door.code)
        for minutes in (timedelta(), timedelta(seconds=limits.P9_TOTP_STEP_SECONDS), first - second):
            machine.move_to(START + second + minutes)
            assert not door.give(door.code, half_sign_in(cast.user))
