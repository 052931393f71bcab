"""Take a message for sending: by one worker at a time, for a lease (P23)."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import Case, Q, Value, When

from portal import clock, limits
from portal.outbox.models import WAITING, Message, State
from portal.outbox.signals import undelivered


def due(now: datetime) -> Q:
    """Return what waits and is due: queued, or claimed by somebody whose lease ran out."""
    return Q(state__in=WAITING, next_try_at__lte=now)


@transaction.atomic
def claim(pk: str | None = None) -> Message | None:
    """Take one due message (or the one named) and return it with a new attempt number, or None when nothing is left to take.

    Codes go first, so that none waits behind a thousand invites (F17); the rest goes oldest first. The secret stays ciphertext until it is
    rendered: a row that no key opens fails alone.
    """
    now = clock.now()
    waiting = Message.objects.defer("secret")
    if pk is not None:
        waiting = waiting.filter(pk=pk)
    # The first attempt of a named message is never too early, whatever the clock of the machine that wrote the row says.
    waiting = waiting.filter(due(now) | Q(state=State.QUEUED, attempt=0) if pk is not None else due(now))
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    message = waiting.order_by(_codes_first(now), "next_try_at").first()
    if message is None:
        return None
    taken = Message.objects.filter(pk=message.pk, attempt=message.attempt, state__in=WAITING).update(
        state=State.CLAIMED,
        attempt=message.attempt + 1,
        next_try_at=now + timedelta(seconds=limits.P23_LEASE_SECONDS),
    )
    if not taken:
        return None
    message.attempt += 1
    message.state = State.CLAIMED
    return message


@transaction.atomic
def settle(message: Message, state: State, *, reason: str = "", provider_id: str = "") -> bool:
    """Record the end of an attempt and wipe the secret; False when the lease was lost meanwhile."""
    settled = Message.objects.filter(pk=message.pk, attempt=message.attempt, state=State.CLAIMED).update(
        state=state,
        reason=reason[:300],
        provider_id=provider_id[:200],
        secret="",
        sent_at=clock.now() if state == State.ACCEPTED else None,
    )
    if settled and state in {State.FAILED, State.DEAD}:
        message.state, message.reason = state, reason[:300]
        undelivered.send(sender=Message, message=message)
    return bool(settled)


def put_back(message: Message, *, reason: str) -> None:
    """Queue a message again after a passing failure: 10 s, 30 s, 1, 2, 5, 10, 30 min, then hourly (P23).

    Dead after twelve tries or a day. One that expires earlier is looked at then, so that its secret does not outlive it.
    """
    now = clock.now()
    too_old = now - message.created_at > timedelta(hours=limits.P23_GIVE_UP_HOURS)
    if message.attempt >= limits.P23_TRIES or too_old:
        settle(message, State.DEAD, reason=reason)
        return
    wait = limits.P23_RETRY_SECONDS[min(message.attempt - 1, len(limits.P23_RETRY_SECONDS) - 1)]
    again = now + timedelta(seconds=wait)
    if message.expires_at is not None:
        again = min(again, message.expires_at)
    Message.objects.filter(pk=message.pk, attempt=message.attempt, state=State.CLAIMED).update(
        state=State.QUEUED, next_try_at=again, reason=reason[:300]
    )


def _codes_first(now: datetime) -> Case:
    soon = now + timedelta(minutes=limits.P7_RESET_CODE_MINUTES)
    return Case(When(expires_at__lte=soon, then=Value(0)), default=Value(1))
