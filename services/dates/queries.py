"""What may be said about dates: key dates of staff and announced results days, in one order. Nothing here asks what a centre has."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from portal import clock, limits
from services.dates.models import KeyDate
from services.releases.sittings import results_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """A line of the list and an entry of the calendar; `at` where it has an instant, `key` is the same for ever."""

    key: str
    day: date
    title: str
    at: datetime | None = None


def dates(*, past_days: int = 0) -> list[Dated]:
    """Return what is to come, earliest first, and what has passed no longer ago than so many days."""
    since = clock.london(clock.database_now()).date() - timedelta(days=past_days)
    rows = KeyDate.objects.filter(day__gte=since)[: limits.SVC9_DATES_SHOWN]
    found = [Dated(key=str(row.pk), day=row.day, title=row.title) for row in rows]
    for one in results_days():
        at = clock.london(one.at)
        title = _("Results day: %(what)s") % {"what": one}
        found.append(Dated(key=f"results-{one.series.code}-{one.level}", day=at.date(), title=title, at=one.at))
    return sorted(found, key=lambda one: (one.day, one.at is not None, one.title))
