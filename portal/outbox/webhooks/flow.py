"""Take down what a provider told and move the message forward: one transaction an event."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction

from portal import clock, limits
from portal.audit.record import record
from portal.outbox.models import Message, State
from portal.outbox.signals import undelivered
from portal.outbox.webhooks.events import Event
from portal.outbox.webhooks.models import ProviderEvent, Tiding
from portal.outbox.webhooks.rules import after

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One event as a provider told it. `row` is the message's own id where the provider gave it back, `reference` the provider's id."""

    provider: str
    event_id: str
    tiding: Tiding
    row: UUID | None = None
    reference: str = ""
    reason: str = ""
    happened_at: datetime | None = None


@transaction.atomic
def note(report: Report) -> bool:
    """Keep an event and apply it, now or as soon as we know its message. False when it was told before: then nothing changes."""
    event, new = ProviderEvent.objects.get_or_create(
        provider=report.provider[:30],
        event_id=report.event_id,
        defaults={
            "tiding": report.tiding,
            "row": report.row,
            "reference": report.reference[:200],
            "reason": report.reason[:300],
            "happened_at": report.happened_at,
        },
    )
    if new:
        _apply(event)
    return new


def apply_waiting() -> int:
    """Apply events that came before we had recorded the provider's id (F24); returns how many. Called by the timetable.

    One whose message is still unknown after a day is somebody else's: several senders may share an account of a provider.
    """
    lately = clock.now() - timedelta(hours=limits.WEBHOOK_WAIT_HOURS)
    waiting = ProviderEvent.objects.filter(message=None, received_at__gt=lately).order_by("received_at", "pk")
    events = list(waiting.values_list("pk", "row", "reference"))
    return sum(_apply_known(events[start : start + _AT_ONCE]) for start in range(0, len(events), _AT_ONCE))


def purge_old() -> int:
    """Delete events that are older than 90 days (security.md); returns how many."""
    old = clock.now() - timedelta(days=limits.WEBHOOK_EVENTS_KEPT_DAYS)
    return ProviderEvent.objects.filter(received_at__lt=old).delete()[0]


def _apply_known(events: list[tuple[int, UUID | None, str]]) -> int:
    """Apply those of some waiting events whose message is known by now. Two queries tell which; strangers' events cost no more."""
    rows = set(Message.objects.filter(pk__in={row for _pk, row, _reference in events if row}).values_list("pk", flat=True))
    sent = Message.objects.filter(provider_id__in={reference for _pk, _row, reference in events if reference}).exclude(provider_id="")
    references = set(sent.values_list("provider_id", flat=True))
    return sum(_apply_later(pk) for pk, row, reference in events if row in rows or reference in references)


@transaction.atomic
def _apply_later(pk: int) -> bool:
    event = ProviderEvent.objects.select_for_update().filter(pk=pk, message=None).first()
    return event is not None and _apply(event)


def _apply(event: ProviderEvent) -> bool:
    message = _message_of(event)
    if message is None:
        return False
    event.message = message
    event.save(update_fields=["message"])
    tiding = Tiding(event.tiding)
    state = after(State(message.state), tiding)
    if tiding == Tiding.COMPLAINED:
        record(Event.MESSAGE_COMPLAINED, kind_of_message=message.kind, message=str(message.pk), about=message.about)
    if state == message.state:
        return True
    # Whoever holds the message's lease finds it settled: an event proves that the provider had taken it (F18).
    message.state, message.secret, message.sent_at = state, "", message.sent_at or clock.now()
    message.reason = event.reason if state == State.BOUNCED else ""
    message.provider_id = message.provider_id or event.reference
    message.save(update_fields=["state", "secret", "sent_at", "reason", "provider_id"])
    if state == State.BOUNCED:
        undelivered.send(sender=Message, message=message)
    return True


def _message_of(event: ProviderEvent) -> Message | None:
    """Find and hold the message an event means; what it holds secret stays unread."""
    rows = Message.objects.select_for_update().defer("secret")
    if event.row is not None and (message := rows.filter(pk=event.row).first()):
        return message
    if not event.reference:
        return None
    # Said twice for SQLite, which takes the index without empty ids only if the query says so too.
    return rows.filter(provider_id=event.reference).exclude(provider_id="").order_by("created_at").first()
