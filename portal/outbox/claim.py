"""Take messages for sending: each by one worker at a time, for a lease (P23)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from portal import clock, limits
from portal.outbox.acceptance import accept
from portal.outbox.models import UNSENT, WAITING, Message, Queue, State
from portal.outbox.signals import undelivered

FALLEN: Final = ~Q(state=State.QUEUED, falls=0)
"""What fell before, or is in the hands of somebody: once it is due, of somebody who ended."""
_TABLE: Final = Message._meta.db_table
_FIELDS: Final = [field for field in Message._meta.concrete_fields if field.name != "secret"]
_NAMES: Final = [field.attname for field in _FIELDS]
_COLUMNS: Final = ", ".join(str(field.column) for field in _FIELDS)
_SELECT: Final = f"SELECT {_COLUMNS}, secret AS sealed FROM {_TABLE} WHERE state IN ('{State.QUEUED.value}', '{State.CLAIMED.value}')"  # noqa: S608  our own names
_TAKE: Final = f"UPDATE {_TABLE} SET state = '{State.CLAIMED.value}', attempt = attempt + 1, next_try_at = %s WHERE id IN"  # noqa: S608
_DUE: Final = "queue = %s AND next_try_at <= %s"
_FRESH: Final = f"(state = '{State.QUEUED.value}' AND falls = 0)"
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
    pk: str | None = None, *, without: frozenset[str] = frozenset(), most: int = limits.P23_BATCH, queue: str = "", fallen: bool = False
) -> list[Message]:
    """Take the message named, or the first that is due, and up to `most` in all of its queue; each with a new attempt number.

    `queue` names the only one to look into; with `fallen` the first of it that fell is wanted.

    A message that fell before, or whose worker ended with it in hand, is taken alone: should it end this process too, it takes no other
    with it (F26). One statement takes all of them, and only those that nobody took meanwhile. Secrets come as ciphertext (`sealed`) until
    they are rendered: a row that no key opens fails alone.
    """
    now = clock.now()
    if pk is not None:
        # The first attempt of a named message is never too early, whatever the clock of the machine that wrote the row says.
        early = f"(next_try_at <= %s OR (state = '{State.QUEUED.value}' AND attempt = 0))"
        rows = _find(f"id = %s AND {early}", [_key(pk), _instant(now)], without, 1)
    elif fallen:
        rows = _find(f"{_DUE} AND NOT {_FRESH}", [queue, _instant(now)], without, 1)
    else:
        queues = [queue] if queue else Queue.values
        rows = next((rows for one in queues if (rows := _find(_DUE, [one, _instant(now)], without, most))), [])
    if not rows:
        return []
    if _alone(rows[0]) or most == 1:
        return rows[:1] if _take(rows[0], now) else []
    if pk is not None:
        others = _find(f"{_DUE} AND {_FRESH} AND id <> %s", [rows[0].queue, _instant(now), _key(pk)], without, most - 1)
        return _take_all(rows + others, now)
    return _take_all([row for row in rows if not _alone(row)], now)


def _find(condition: str, values: list[Any], without: frozenset[str], most: int) -> list[Message]:
    """Return what waits, oldest first, and lock it until the claim is made. Secrets come as ciphertext.

    Written out: the ORM took half as long to put these statements together as the messages took to leave. What others are taking this
    instant is skipped; where the database cannot skip, it lets one writer in at a time anyway.
    """
    spared = "".join(" AND channel <> %s" for _channel in without)
    lock = " FOR UPDATE SKIP LOCKED" if connection.features.has_select_for_update_skip_locked else ""
    sql = f"{_SELECT} AND {condition}{spared} ORDER BY next_try_at LIMIT %s{lock}"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, *without, most])
        return [_message(list(row)) for row in cursor.fetchall()]


def _message(values: list[Any]) -> Message:
    """Return a row as Django would have read it, but for its secret, which nobody opens here."""
    sealed = values.pop()
    for index, convert, column in _readers(connection.vendor):
        values[index] = convert(values[index], column, connection)
    message = Message.from_db(connection.alias, _NAMES, values)
    message.sealed = sealed
    return message


@cache
def _readers(_vendor: str) -> list[tuple[int, Callable[[Any, Any, Any], Any], Any]]:
    """Return what makes Python's values of a kind of database's, and of which columns."""
    return [
        (index, convert, field.cached_col)
        for index, field in enumerate(_FIELDS)
        for convert in (*connection.ops.get_db_converters(field.cached_col), *field.get_db_converters(connection))
    ]


def _key(pk: Any) -> Any:
    """Return an id as the database keeps it."""
    return Message._meta.get_field("id").get_db_prep_value(pk, connection)


def _instant(at: datetime) -> Any:
    """Return an instant as the database keeps it."""
    return connection.ops.adapt_datetimefield_value(at)


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
    sql = f"{_TAKE} ({', '.join('%s' for _row in rows)})"
    with connection.cursor() as cursor:
        cursor.execute(sql, [_instant(now + _LEASE), *(_key(row.pk) for row in rows)])
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
    free = Q(state__in=UNSENT) | Q(state=State.CLAIMED, next_try_at__lte=now)
    return Message.objects.filter(free, expires_at__lte=now).update(state=State.EXPIRED, secret="")


def _mine(message: Message) -> QuerySet[Message]:
    """Return the row, as long as the claim in hand is the last one made."""
    return Message.objects.filter(pk=message.pk, attempt=message.attempt, state=State.CLAIMED)
