"""The one deed on a trail: taking it away leaves an event in it."""

from django.db import transaction

from permissions.events import Event
from permissions.models import Membership
from permissions.trail.queries import Filters, Reader, events_of
from portal import limits
from portal.audit.models import AuditEvent
from portal.audit.record import record


@transaction.atomic
def export(*, actor: Membership, reader: Reader, filters: Filters) -> list[AuditEvent]:
    """Return the newest events that the filters leave, at most so many as a file holds, and record that they were taken."""
    rows = list(events_of(reader, filters)[: limits.AUD_EXPORT_ROWS])
    record(Event.TRAIL_EXPORTED, actor=actor.user, subject=actor.centre, centre=actor.centre, rows=len(rows))
    return rows
