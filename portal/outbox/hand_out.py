"""The relay: twice a minute, whatever is due and nobody was called for, or nobody came for, is handed to the queues (P23)."""

from typing import Final

from django.conf import settings
from django.db import connection, transaction

from portal import clock, limits
from portal.outbox import canary, relay, wake
from portal.outbox.claim import FALLEN, due
from portal.outbox.models import Message, Queue, State

_LOCK: Final = 0x506F7274  # the advisory lock's number: any will do as long as it is always the same


def sweep() -> None:
    """Hand out what is due; without a broker, deliver it here."""
    canary.show(canary.TIMETABLE)
    if settings.BROKER_URL:
        hand_out()
    else:
        relay.sweep()


def take_up() -> None:
    """Sweep before its time what somebody held who ended, as soon as the lease is over.

    Lease and sweep are 150 s, and so is what F01 allows: a sweep that came a moment before the end of the lease would use up all of it.
    """
    left = Message.objects.filter(state=State.CLAIMED, queue__in=Queue.values, next_try_at__lte=clock.now())
    if left.exists():
        hand_out(only_fallen=True) if settings.BROKER_URL else relay.sweep()


def hand_out(*, only_fallen: bool = False) -> int:
    """Announce what is due to the queues, codes first; returns how many calls were made.

    One call brings fifty: whoever answers it takes the message named and others of its queue. What fell before, or was in the hands of a
    worker that ended, is taken alone and named by itself. Two relays at once (F25) do no harm, since a message is claimed once whoever
    is called for it; an advisory lock spares the second its work where the database has one.
    """
    with transaction.atomic():
        if not _alone():
            return 0
        calls = [(pk, queue) for queue in Queue.values for pk in _named(queue, only_fallen=only_fallen)]
    made = 0
    for pk, queue in calls:
        if not wake.call(pk, queue):
            break
        made += 1
    return made


def _named(queue: str, *, only_fallen: bool) -> list[str]:
    """Return the ids to call for in a queue."""
    rows = Message.objects.filter(due(clock.now()), queue=queue).order_by("next_try_at")
    alone = list(rows.filter(FALLEN).values_list("pk", flat=True)[: limits.P23_HAND_OUT])
    most = 0 if only_fallen else limits.P23_HAND_OUT * limits.P23_BATCH
    together = list(rows.exclude(FALLEN).values_list("pk", flat=True)[:most])
    return [str(pk) for pk in (*together[:: limits.P23_BATCH], *alone)]


def _alone() -> bool:
    """Say whether no other relay is at work, and keep it so until the transaction ends."""
    if connection.vendor != "postgresql":
        return True
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return bool(cursor.fetchone()[0])
