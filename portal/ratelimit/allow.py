"""Ask whether something may happen once more. A rule is (how many, in how many seconds); each count is one conditional statement."""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection

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


def spend(name: str, key: str, *rules: Rule) -> bool:
    """Count one more under every rule; say whether all of them still allowed it. Exact under parallel calls: each gets a count of its own."""
    digest = crypto.digest("ratelimit", name, key)
    return all([_count_up(digest, seconds) <= most for most, seconds in rules])


def peek(name: str, key: str, *rules: Rule) -> bool:
    """Say, without counting, whether every rule would allow one more. One query."""
    return peek_all((name, key, rules))


def peek_all(*questions: tuple[str, str, Sequence[Rule]]) -> bool:
    """Say, without counting, whether every rule of several (name, key, rules) would allow one more. One query for all."""
    now = clock.now()
    most = {
        (crypto.digest("ratelimit", name, key), seconds): limit
        for name, key, rules in questions
        for limit, seconds in rules
    }
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


def _value(moment: object) -> object:
    return connection.ops.adapt_datetimefield_value(moment)  # type: ignore[arg-type]
