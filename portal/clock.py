"""What time it is: instants in UTC, wall times in Europe/London."""

import calendar
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import connection

LONDON: Final = ZoneInfo("Europe/London")


def now() -> datetime:
    """Return this moment as an aware instant in UTC, by this machine's clock."""
    return datetime.now(UTC)


def database_now() -> datetime:
    """Return this moment by the database's clock, the judge of every release (P22)."""
    sql = "SELECT clock_timestamp()" if connection.vendor == "postgresql" else "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')"
    with connection.cursor() as cursor:
        cursor.execute(sql)
        value = cursor.fetchone()[0]
    instant = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return instant.astimezone(UTC)


def skew() -> timedelta:
    """Return by how much at least this machine's clock is off the database's, whatever the question itself took (P22)."""
    asked = now()
    theirs = database_now()
    answered = now()
    return max(asked - theirs, theirs - answered, timedelta())


def london(instant: datetime) -> datetime:
    """Return the wall time in Europe/London of an instant."""
    return instant.astimezone(LONDON)


def add_months(instant: datetime, months: int) -> datetime:
    """Return the instant some calendar months later at the same London wall time; a day the month lacks becomes its last day (INV-4)."""
    wall = london(instant).replace(tzinfo=None)
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    day = min(wall.day, calendar.monthrange(year, month + 1)[1])
    return wall.replace(year=year, month=month + 1, day=day, tzinfo=LONDON).astimezone(UTC)
