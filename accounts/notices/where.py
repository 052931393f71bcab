"""Where something was done, in words its owner can check: the browser, and whether they have signed in from that network before.

An exact address alone tells a teacher nothing (ui.md 4.2), and we ask nobody outside where an address lies.
"""

from datetime import timedelta
from typing import Any, Final

from django.db.models import CharField, DateTimeField

from accounts.events import Event
from accounts.models import User
from accounts.sessions.browsers import in_words
from portal import clock
from portal.audit.models import AuditEvent
from portal.fixed_query import FixedQuery, Given
from portal.web import origin

_BEFORE: Final = timedelta(hours=1)
"""The sign-in that is being told of may stand in the trail already; only older ones count."""

_SIGNED_IN: Final = FixedQuery(
    lambda: (
        AuditEvent.objects.filter(
            actor_id=Given("person", CharField()),
            number=Event.SIGNED_IN.number,
            address=Given("address", CharField()),
            at__lt=Given("until", DateTimeField()),
        )
        .order_by()
        .values_list("number")[:1]
    )
)


def where(user: User) -> dict[str, Any]:
    """Return `browser` in words ("" when unknown) and `network`: "known", "new", or "" outside a request. One query."""
    asking = origin.current()
    if not asking.address:
        return {"browser": "", "network": ""}
    before = _SIGNED_IN.rows(person=str(user.pk), address=asking.address[:45], until=clock.now() - _BEFORE)
    return {"browser": in_words(asking.browser), "network": "known" if before else "new"}
