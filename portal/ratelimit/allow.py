"""Ask whether something may happen once more. A rule is (how many, in how many seconds); each count is one conditional statement."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F

from portal import clock, crypto
from portal.ratelimit.models import Counter

Rule = tuple[int, int]

_COUNT_UP = """
    INSERT INTO ratelimit_counter (key, seconds, started, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, seconds) DO UPDATE SET
        count = CASE WHEN ratelimit_counter.started <= %s THEN 1 ELSE ratelimit_counter.count + 1 END,
        started = CASE WHEN ratelimit_counter.started <= %s THEN excluded.started ELSE ratelimit_counter.started END
    RETURNING count
"""
_TAKE = """
    INSERT INTO ratelimit_counter (key, seconds, started, count) VALUES (%s, %s, %s, 1)
    ON CONFLICT (key, seconds) DO UPDATE SET
        count = CASE WHEN ratelimit_counter.started <= %s THEN 1 ELSE ratelimit_counter.count + 1 END,
        started = CASE WHEN ratelimit_counter.started <= %s THEN excluded.started ELSE ratelimit_counter.started END
    WHERE ratelimit_counter.started <= %s OR ratelimit_counter.count < %s
    RETURNING count
"""


def spend(name: str, key: str, *rules: Rule) -> bool:
    """Count one more under every rule; say whether all of them still allowed it. Parallel calls each get a count of their own."""
    digest = crypto.digest("ratelimit", name, key)
    counts = [(_count_up(digest, seconds), most) for most, seconds in rules]
    return all(count <= most for count, most in counts)


def try_take(name: str, key: str, *rules: Rule) -> bool:
    """Take one of what every rule allows, or nothing at all: for guesses, taken before they are looked at (A15), and for things asked for.

    However many ask at the same moment, no more than the rule's number are told yes; who is told no uses up nothing. Ask outside the
    deed's own transaction: one that is rolled back forgets what was taken.
    """
    digest = crypto.digest("ratelimit", name, key)
    with transaction.atomic():
        if all(_take(digest, most, seconds) for most, seconds in rules):
            return True
        transaction.set_rollback(True)
    return False


def give_back(name: str, key: str, *rules: Rule) -> None:
    """Undo one `try_take` whose guess was right. Other people's guesses stay counted."""
    digest, now = crypto.digest("ratelimit", name, key), clock.now()
    for _most, seconds in rules:
        counter = Counter.objects.filter(key=digest, seconds=seconds, count__gt=0, started__gt=now - timedelta(seconds=seconds))
        counter.update(count=F("count") - 1)


def peek(name: str, key: str, *rules: Rule) -> bool:
    """Say, without counting, whether every rule would allow one more. One query."""
    return peek_all((name, key, rules))


def peek_all(*questions: tuple[str, str, Sequence[Rule]]) -> bool:
    """Say, without counting, whether every rule of several (name, key, rules) would allow one more. One query for all."""
    now = clock.now()
    most = {(crypto.digest("ratelimit", name, key), seconds): limit for name, key, rules in questions for limit, seconds in rules}
    counters = Counter.objects.filter(key__in={digest for digest, _seconds in most})
    return not any(
        counter.count >= most.get((counter.key, counter.seconds), counter.count + 1)
        and counter.started > now - timedelta(seconds=counter.seconds)
        for counter in counters
    )


def purge_old() -> int:
    """Delete counters whose window is long over. Returns how many."""
    return Counter.objects.filter(started__lt=clock.now() - timedelta(days=2)).delete()[0]


def _count_up(digest: str, seconds: int) -> int:
    now = clock.now()
    started, over = (_value(moment) for moment in (now, now - timedelta(seconds=seconds)))
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_UP, [digest, seconds, started, over, over])
        return int(cursor.fetchone()[0])


def _take(digest: str, most: int, seconds: int) -> bool:
    now = clock.now()
    started, over = (_value(moment) for moment in (now, now - timedelta(seconds=seconds)))
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [digest, seconds, started, over, over, over, most])
        return cursor.fetchone() is not None


def _value(moment: datetime) -> str | datetime | None:
    return connection.ops.adapt_datetimefield_value(moment)
