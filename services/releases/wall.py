"""Wall times of Europe/London as staff type them, and the instants they are. Pure."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _

from portal.clock import LONDON
from portal.web.refusal import Refusal


class MissingHour(Refusal):
    """The hour that the clocks skip in March."""

    message = _("The clocks go forward that night, so there is no such time. Choose a time before 01:00 or from 02:00.")


class HourTwice(Refusal):
    """The hour that comes twice in October."""

    message = _("The clocks go back that night, so that time comes twice. Choose a time before 01:00 or from 02:00.")


def instant_of(wall: datetime) -> datetime:
    """Return the instant in UTC of a wall time without a zone. Raises `MissingHour` or `HourTwice` where there is not exactly one."""
    first, second = (wall.replace(tzinfo=LONDON, fold=fold).astimezone(UTC) for fold in (0, 1))
    if first == second:
        return first
    back = first.astimezone(LONDON).replace(tzinfo=None)
    raise HourTwice() if back == wall else MissingHour()
