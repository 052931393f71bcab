"""Signs of life: a row for each worker and one for the timetable, written by doing the work, not by saying so (F09)."""

from datetime import timedelta
from typing import Final

from portal import clock, limits
from portal.outbox.models import Sign

TIMETABLE: Final = "timetable"


def show(name: str) -> None:
    """Note that `name` (the timetable, or a worker's node name) did something just now."""
    Sign.objects.update_or_create(name=name[:200], defaults={"at": clock.now()})


def age(name: str) -> timedelta | None:
    """Return how long ago `name` did something; None if it never did."""
    sign = Sign.objects.filter(name=name[:200]).first()
    return clock.now() - sign.at if sign else None


def late(name: str) -> bool:
    """Say whether `name` has shown nothing for a minute."""
    found = age(name)
    return found is None or found > timedelta(seconds=limits.CANARY_LATE_SECONDS)


def purge_old() -> None:
    """Forget workers that showed nothing for a day: their names do not come back."""
    Sign.objects.filter(at__lte=clock.now() - timedelta(days=1)).exclude(name=TIMETABLE).delete()
