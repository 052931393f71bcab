"""Ask whether something may happen once more. A rule is (how many, in how many seconds); each asking is one conditional statement.

However many ask at the same moment, no more than the rule's number are told yes (A15). Who is told no uses up nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, NamedTuple

from django.db import connection
from django.db.models import Q

from portal import clock, crypto
from portal.ratelimit.models import Counter

IN_A_ROW: Final = 10 * 365 * 86_400
"""Seconds of a window that never ends by itself: how many in a row, until one is given back as right."""


_FORGOTTEN_DAYS: Final = 366


class Rule(NamedTuple):
    """So `most` in `seconds`. With `pauses` the last one allowed begins a pause of the same length; else the window runs from its first."""

    most: int
    seconds: int
    pauses: bool = False


AnyRule = Rule | tuple[int, int]


class Ask(NamedTuple):
    """A counter's name and key, and the rules that all must allow it."""

    name: str
    key: str
    rules: Sequence[AnyRule]


class Taken(NamedTuple):
    """What was taken: give it back if the guess was right. `counts` tells how far each (name, seconds) has come."""

    asks: tuple[Ask, ...]
    counts: dict[tuple[str, int], int]


# Rows come sorted, so that two that want the same counters wait for each other in one order and never deadlock.
_TAKE: Final = """
    INSERT INTO ratelimit_counter (key, seconds, started, ends_at, count, most, pauses) VALUES {rows}
    ON CONFLICT (key, seconds) DO UPDATE SET
        count = CASE WHEN ratelimit_counter.ends_at <= excluded.started THEN excluded.count ELSE ratelimit_counter.count + excluded.count END,
        ends_at = CASE
            WHEN ratelimit_counter.ends_at <= excluded.started THEN excluded.ends_at
            WHEN excluded.pauses AND ratelimit_counter.count + excluded.count >= excluded.most THEN excluded.ends_at
            ELSE ratelimit_counter.ends_at END,
        started = excluded.started, most = excluded.most, pauses = excluded.pauses
    {unless_full}
    RETURNING key, seconds, count
"""
_UNLESS_FULL: Final = "WHERE ratelimit_counter.ends_at <= excluded.started OR ratelimit_counter.count < excluded.most"
_GIVE_BACK: Final = """
    UPDATE ratelimit_counter SET count = CASE WHEN seconds = %s THEN 0 ELSE count - 1 END
    WHERE id IN (SELECT id FROM ratelimit_counter WHERE ({pairs}) AND count > 0 AND ends_at > %s ORDER BY key, seconds {hold})
"""


def take(*asks: Ask) -> Taken | None:
    """Take one of what every rule of every ask allows, or nothing at all (then None): for guesses, taken before they are looked at.

    Ask outside the deed's own transaction: one that is rolled back forgets what was taken. One statement, a second one when refused.
    """
    wanted = {(digest, rule.seconds): (ask.name, rule) for ask, digest, rule in _pairs(asks)}
    counts = _write(wanted, _UNLESS_FULL)
    if len(counts) == len(wanted):
        return Taken(asks, {(wanted[pair][0], pair[1]): count for pair, count in counts.items()})
    _lower(counts, in_a_row_too=False)
    return None


def give_back(*taken: Taken) -> None:
    """Undo each `take` whose guess was right, in one statement; a count in a row begins anew. Other people's guesses stay counted."""
    _lower([(digest, rule.seconds) for one in taken for _ask, digest, rule in _pairs(one.asks)], in_a_row_too=True)


def clear(name: str, key: str) -> None:
    """Forget everything counted under a name and key: what was guessed at is no more."""
    Counter.objects.filter(key=crypto.digest("ratelimit", name, key)).delete()


def try_take(name: str, key: str, *rules: AnyRule) -> bool:
    """Take one of what every rule allows, or nothing at all: for things asked for."""
    return take(Ask(name, key, rules)) is not None


def spend(name: str, key: str, *rules: AnyRule, times: int = 1) -> bool:
    """Count one more (or `times` at once) under every rule, allowed or not; say whether all of them still allowed it."""
    counts = count_up(name, key, *rules, times=times)
    return all(counts[Rule(*rule).seconds] <= rule[0] for rule in rules)


def count_up(name: str, key: str, *rules: AnyRule, times: int = 1) -> dict[int, int]:
    """Count one more under every rule; returns how far each window (by its seconds) has come. Parallel calls each get a count of their own."""
    wanted = {(digest, rule.seconds): (ask.name, rule) for ask, digest, rule in _pairs([Ask(name, key, rules)])}
    return {seconds: count for (_digest, seconds), count in _write(wanted, "", times).items()}


def peek(name: str, key: str, *rules: AnyRule) -> bool:
    """Say, without counting, whether every rule would allow one more. One query."""
    most = {(digest, rule.seconds): rule.most for _ask, digest, rule in _pairs([Ask(name, key, rules)])}
    counters = Counter.objects.filter(key__in={digest for digest, _seconds in most}, ends_at__gt=clock.now())
    return not any(counter.count >= most.get((counter.key, counter.seconds), counter.count + 1) for counter in counters)


def left(name: str, key: str, rule: AnyRule) -> int:
    """Return, without counting, how many more a rule would allow now. One query."""
    digest, most = crypto.digest("ratelimit", name, key), Rule(*rule)
    spent = Counter.objects.filter(key=digest, seconds=most.seconds, ends_at__gt=clock.now()).values_list("count", flat=True).first()
    return max(0, most.most - (spent or 0))


def purge_old() -> int:
    """Delete counters whose window is over, and those of a row that was broken or that nobody added to for a year. Returns how many."""
    now = clock.now()
    over = Counter.objects.filter(ends_at__lt=now).delete()[0]
    stale = Q(count=0) | Q(started__lt=now - timedelta(days=_FORGOTTEN_DAYS))
    return over + Counter.objects.filter(stale, seconds=IN_A_ROW).delete()[0]


def _pairs(asks: Iterable[Ask]) -> list[tuple[Ask, str, Rule]]:
    return [(ask, digest, Rule(*rule)) for ask in asks for digest in [crypto.digest("ratelimit", ask.name, ask.key)] for rule in ask.rules]


def _write(wanted: dict[tuple[str, int], tuple[str, Rule]], unless_full: str, times: int = 1) -> dict[tuple[str, int], int]:
    now = clock.now()
    values: list[Any] = []
    for (digest, seconds), (_name, rule) in sorted(wanted.items()):
        ends_at = now + timedelta(seconds=seconds)
        values += [digest, seconds, _value(now), _value(ends_at), times, rule.most, rule.pauses]
    rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s)"] * len(wanted))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(rows=rows, unless_full=unless_full), values)
        return {(key, seconds): count for key, seconds, count in cursor.fetchall()}


def _lower(pairs: Iterable[tuple[str, int]], *, in_a_row_too: bool) -> None:
    wanted = list(pairs)
    if not wanted:
        return
    either = " OR ".join(["(key = %s AND seconds = %s)"] * len(wanted))
    sql = _GIVE_BACK.format(pairs=either, hold="FOR UPDATE" if connection.features.has_select_for_update else "")
    values = [IN_A_ROW if in_a_row_too else -1, *(value for pair in wanted for value in pair), _value(clock.now())]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)


def _value(moment: Any) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
