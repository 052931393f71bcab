"""A demonstration's key dates: the board's usual deadlines, counted from today so that there is always something to come."""

from datetime import date, timedelta
from typing import Any, Final

from portal import clock
from services.dates.models import KeyDate

_DATES: Final = (
    (3, "Deadline for amendments to entries", "Dyddiad cau ar gyfer diwygiadau i gofrestriadau"),
    (21, "Deadline for entries", "Dyddiad cau ar gyfer cofrestriadau"),
    (60, "Deadline for internal assessment marks", "Dyddiad cau ar gyfer marciau asesiadau mewnol"),
)


def fill(**_signal: Any) -> None:
    """Add them, unless there are dates already. Told by the command that only demonstrations have."""
    if KeyDate.objects.exists():
        return
    today: date = clock.london(clock.now()).date()
    KeyDate.objects.bulk_create(
        KeyDate(day=today + timedelta(days=days), title_en=english, title_cy=welsh) for days, english, welsh in _DATES
    )
