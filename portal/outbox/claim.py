"""Take messages for sending: each by one worker at a time, for a lease (P23)."""

from datetime import datetime, timedelta
from typing import Final

from django.db import connection, transaction
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from portal import clock, limits
from portal.outbox.acceptance import accept
from portal.outbox.models import WAITING, Message, Queue, State
from portal.outbox.signals import undelivered

FALLEN: Final = ~Q(state=State.QUEUED, falls=0)
"""What fell before, or is in the hands of somebody: once it is due, of somebody who ended."""
_LEASE: Final = timedelta(seconds=limits.P23_LEASE_SECONDS)


def due(now: datetime) -> Q:
    """Return what waits and is due: queued, or claimed by somebody whose lease ran out."""
    return Q(state__in=WAITING, next_try_at__lte=now)


def claim(pk: str | None = None, *, without: frozenset[str] = frozenset()) -> Message | None:
    """Take one due message, or the one named; None when nothing is left to take.

    Codes go first, so that none waits behind a thousand invites (F17), then notices, then invites; each queue oldest first. `without`
    names channels that nobody should ask at present.
    """
    taken = claim_batch(pk, without=without, most=1)
    return taken[0] if taken else None


@transaction.atomic
def claim_batch(
    pk: str | None = None, *, without: frozenset[str] = frozenset(), most: int = limits.P23_BATCH, fallen_of: str = ""
) -> list[Message]:
    """Take the message named, or the first that is due, and up to `most` in all of its queue; each with a new attempt number.

    `fallen_of` names a queue of which the first that fell is wanted.

    A message that fell before, or whose worker ended with it in hand, is taken alone: should it end this process too, it takes no other
    with it (F26). One statement takes all of them, and only those that nobody took meanwhile. Secrets come as ciphertext (`sealed`) until
    they are rendered: a row that no key opens fails alone.
    """
    now = clock.now()
    waiting = _lock(Message.objects.defer("secret").annotate(ciphertext=Cast("secret", TextField())).exclude(channel__in=without))
    # The first attempt of a named message is never too early, whatever the clock of the machine that wrote the row says.
    if pk is not None:
        first = waiting.filter(due(now) | Q(state=State.QUEUED, attempt=0), pk=pk).first()
    elif fallen_of:
        first = waiting.filter(due(now), FALLEN, queue=fallen_of).order_by("next_try_at").first()
    else:
        first = next(
            (row for queue in Queue.values if (row := waiting.filter(due(now), queue=queue).order_by("next_try_at").first())), None
        )
    if first is None:
        return []
    rows = [first]
    if most > 1 and not _alone(first):
        others = waiting.filter(due(now), queue=first.queue, state=State.QUEUED, falls=0).exclude(pk=first.pk)
        rows += others.order_by("next_try_at")[: most - 1]
    for row in rows:
        row.sealed = vars(row)["ciphertext"]
    return [row for row in rows if _take(row, now)] if len(rows) == 1 else _take_all(rows, now)


def _lock(rows: QuerySet[Message]) -> QuerySet[Message]:
    """Skip what others are taking this instant; where the database cannot, it lets one writer in at a time anyway."""
    return rows.select_for_update(skip_locked=True) if connection.features.has_select_for_update_skip_locked else rows


def _alone(row: Message) -> bool:
    return row.state == State.CLAIMED or row.falls > 0


def _take(row: Message, now: datetime) -> bool:
    """Take one message; what ended its last process counts as a fall."""
    falls = row.falls + (row.state == State.CLAIMED)
    free = Message.objects.filter(pk=row.pk, attempt=row.attempt, state__in=WAITING)
    if not free.update(state=State.CLAIMED, attempt=row.attempt + 1, falls=falls, next_try_at=now + _LEASE):
        return False
    row.attempt, row.falls, row.state = row.attempt + 1, falls, State.CLAIMED
    return True


def _take_all(rows: list[Message], now: datetime) -> list[Message]:
    """Take messages that are locked, or that no other writer can touch before we commit."""
    Message.objects.filter(pk__in=[row.pk for row in rows]).update(state=State.CLAIMED, attempt=F("attempt") + 1, next_try_at=now + _LEASE)
    for row in rows:
        row.attempt, row.state = row.attempt + 1, State.CLAIMED
    return rows


def settle(message: Message, state: State, *, reason: str = "", provider_id: str = "") -> bool:
    """Record the end of an attempt and wipe the secret; False when the lease was lost meanwhile."""
    if state in {State.FAILED, State.DEAD}:
        return _undelivered(message, state, reason[:300])
    if state == State.ACCEPTED and not reason:
        return accept(message, provider_id)
    return bool(_mine(message).update(state=state, reason=reason[:300], secret=""))


@transaction.atomic
def _undelivered(message: Message, state: State, reason: str) -> bool:
    """Record that a message never arrives, and tell whoever asked to know in the same transaction."""
    settled = bool(_mine(message).update(state=state, reason=reason, secret=""))
    if settled:
        message.state, message.reason = state, reason
        undelivered.send(sender=Message, message=message)
    return settled


def put_back(message: Message, *, reason: str, fell: bool = False) -> None:
    """Queue a message again after a failure: 10 s, 30 s, 1, 2, 5, 10, 30 min, then hourly (P23).

    Dead after twelve tries or a day, or when it `fell` (by an error of our own) for the fifth time. One that expires earlier is looked
    at then, so that its secret does not outlive it.
    """
    now = clock.now()
    tries, falls = message.tries + 1, message.falls + fell
    too_old = now - message.created_at > timedelta(hours=limits.P23_GIVE_UP_HOURS)
    if tries >= limits.P23_TRIES or falls >= limits.F26_FALLS or too_old:
        settle(message, State.DEAD, reason=reason)
        return
    wait = limits.P23_RETRY_SECONDS[min(tries - 1, len(limits.P23_RETRY_SECONDS) - 1)]
    again = now + timedelta(seconds=wait)
    if message.expires_at is not None:
        again = min(again, message.expires_at)
    _mine(message).update(state=State.QUEUED, tries=tries, falls=falls, next_try_at=again, reason=reason[:300])


def give_back(messages: list[Message]) -> None:
    """Queue messages again that were taken and not begun; it counts as no try."""
    now = clock.now()
    for message in messages:
        _mine(message).update(state=State.QUEUED, next_try_at=now)


def expire_due() -> int:
    """Close what nobody took before it expired, and wipe its secret; returns how many. Whatever is in hand is left to who holds it."""
    now = clock.now()
    free = Q(state=State.QUEUED) | Q(state=State.CLAIMED, next_try_at__lte=now)
    return Message.objects.filter(free, expires_at__lte=now).update(state=State.EXPIRED, secret="")


def _mine(message: Message) -> QuerySet[Message]:
    """Return the row, as long as the claim in hand is the last one made."""
    return Message.objects.filter(pk=message.pk, attempt=message.attempt, state=State.CLAIMED)
