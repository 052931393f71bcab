"""The chain over the trail, and the check that names the first line that is not as it was (A135).

A deed only seals its own event, so that no sign-in waits for another. The timetable's job chains the events once they are committed, in
whatever order they arrive: numbers that a rolled-back deed leaves unused are no gap, and an event that commits late is no forgery.
"""

from collections.abc import Iterator
from typing import Final

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Max, OuterRef

from portal import crypto, limits
from portal.audit.models import AuditEvent, Link
from portal.audit.seal import fits, link_digest

_CHUNK: Final = 2000


def lengthen() -> int:
    """Chain the events that have no link yet, oldest first; returns how many. Two that run at once: one of them does nothing."""
    made = 0
    while batch := _unchained():
        last = Link.objects.order_by("-position").first()
        position, before = (last.position, last.digest) if last else (0, "")
        links = []
        for event in batch:
            position += 1
            before = link_digest(position=position, before=before, event=event)
            links.append(Link(position=position, event_id=event.pk, digest=before))
        try:
            with transaction.atomic():
                Link.objects.bulk_create(links)
        except IntegrityError:
            return made
        made += len(links)
    return made


def first_wrong() -> str:
    """Name the first line that was changed, invented, copied or taken out, or a break in the chain; "" when all is as it was written."""
    return next(_wrong(), "")


def _wrong() -> Iterator[str]:
    yield from _wrong_links()
    # What no link holds yet: written a moment ago, or put there by somebody without the key.
    for event in AuditEvent.objects.exclude(Exists(Link.objects.filter(event_id=OuterRef("pk")))).order_by("pk").iterator(_CHUNK):
        if not fits(event):
            yield _words(event)
    for copied in AuditEvent.objects.values("seal").annotate(times=Count("pk"), last=Max("pk")).filter(times__gt=1).order_by("last")[:1]:
        yield f"event {copied['last']} is a copy of another"


def _wrong_links() -> Iterator[str]:
    position, before = 0, ""
    while links := list(Link.objects.filter(position__gt=position).order_by("position")[:_CHUNK]):
        events = AuditEvent.objects.in_bulk([link.event_id for link in links])
        for link in links:
            event = events.get(link.event_id)
            if event is None:
                yield f"event {link.event_id} is missing"
                return
            if not fits(event):
                yield _words(event)
            if link.position != position + 1:
                yield f"link {position + 1} of the chain is missing, before event {link.event_id}"
                return
            position, before = link.position, link_digest(position=link.position, before=before, event=event)
            if not crypto.same(link.digest, before):
                yield f"link {link.position} of the chain does not fit, at event {link.event_id}"
                return


def _words(event: AuditEvent) -> str:
    return f"event {event.pk} of {event.at:%Y-%m-%d %H:%M:%S} is not as it was written"


def _unchained() -> list[AuditEvent]:
    """Return the oldest events without a link; those of long ago are looked for only while there is no link at all."""
    newest = Link.objects.aggregate(newest=Max("event_id"))["newest"]
    rows = AuditEvent.objects.exclude(Exists(Link.objects.filter(event_id=OuterRef("pk"))))
    if newest is not None:
        rows = rows.filter(pk__gt=newest - limits.AUDIT_LATEST_EVENTS)
    return list(rows.only("pk", "seal").order_by("pk")[: limits.AUDIT_LINKS_AT_ONCE])
