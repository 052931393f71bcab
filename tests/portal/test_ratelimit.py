"""Counters against guessing: in the database, exact at every moment (P11-P17, A15, A93)."""

from collections import Counter as Tally
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Final

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection, connections

from portal.ratelimit import allow
from portal.ratelimit.models import Counter

START: Final = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RULE: Final = (3, 60)


@pytest.mark.django_db
@pytest.mark.parametrize("ask", [allow.spend, allow.try_take])
def test_a_rule_allows_its_number_in_its_window_and_then_again(ask: Callable[..., bool]) -> None:
    with time_machine.travel(START, tick=False) as traveller:
        assert [ask("letters", "a", RULE) for _ in range(5)] == [True, True, True, False, False]
        assert not allow.peek("letters", "a", RULE)
        assert ask("letters", "b", RULE)
        assert ask("others", "a", RULE)
        traveller.shift(59)
        assert not ask("letters", "a", RULE)
        traveller.shift(1)
        assert allow.peek("letters", "a", RULE)
        assert ask("letters", "a", RULE)


@pytest.mark.django_db
def test_every_rule_counts_and_the_tightest_decides() -> None:
    rules = (1, 60), (2, 3600)
    with time_machine.travel(START, tick=False) as traveller:
        assert allow.spend("resend", "a", *rules)
        traveller.shift(60)
        assert allow.spend("resend", "a", *rules)
        traveller.shift(60)
        assert not allow.peek("resend", "a", *rules)
        assert not allow.spend("resend", "a", *rules)


@pytest.mark.django_db
def test_p15_asking_too_early_uses_up_nothing_of_the_longer_rule() -> None:
    rules = (1, 60), (2, 3600)
    with time_machine.travel(START, tick=False) as traveller:
        assert [allow.try_take("resend", "a", *rules) for _ in range(9)] == [True] + [False] * 8
        traveller.shift(60)
        assert allow.try_take("resend", "a", *rules)
        traveller.shift(60)
        assert not allow.try_take("resend", "a", *rules)


@pytest.mark.django_db
def test_giving_back_undoes_one_guess_and_no_one_elses() -> None:
    ask = allow.Ask("guess", "a", [RULE])
    with time_machine.travel(START, tick=False) as traveller:
        taken = [allow.take(ask) for _ in range(4)]
        assert [one is not None for one in taken] == [True, True, True, False]
        assert taken[0] is not None
        allow.give_back(taken[0])
        assert [allow.try_take("guess", "a", RULE) for _ in range(2)] == [True, False]
        allow.give_back(allow.Taken((allow.Ask("guess", "nobody", [RULE]),), {}))
        traveller.shift(61)
        allow.give_back(taken[0])
        assert Counter.objects.get().count == 3, "the window of that guess is over"


@pytest.mark.django_db
def test_p11_the_last_one_allowed_begins_a_pause_of_full_length() -> None:
    rule = allow.Rule(3, 60, pauses=True)
    with time_machine.travel(START, tick=False) as traveller:
        for _ in range(3):
            assert allow.try_take("password", "a", rule)
            traveller.shift(25)
        assert not allow.try_take("password", "a", rule), "75 s after the first, 25 s after the last"
        traveller.shift(34)
        assert not allow.try_take("password", "a", rule), "asking does not make it longer, nor shorter"
        traveller.shift(1)
        assert allow.try_take("password", "a", rule)


@pytest.mark.django_db
def test_a_count_in_a_row_ends_only_when_one_was_right() -> None:
    ask = allow.Ask("password", "a", [(50, 60), (4, allow.IN_A_ROW)])
    with time_machine.travel(START, tick=False) as traveller:
        for _ in range(3):
            assert allow.take(ask)
            traveller.shift(timedelta(days=300))
        right = allow.take(ask)
        assert right is not None
        assert right.counts["password", allow.IN_A_ROW] == 4
        assert allow.take(ask) is None
        allow.give_back(right)
        assert [allow.take(ask) is not None for _ in range(5)] == [True] * 4 + [False]


@pytest.mark.django_db
def test_several_counters_are_taken_together_or_not_at_all() -> None:
    one, other = allow.Ask("account", "a", [(5, 60)]), allow.Ask("address", "x", [(1, 60)])
    assert allow.take(one, other)
    assert allow.take(one, other) is None
    assert Counter.objects.filter(count=1).count() == 2


@pytest.mark.django_db
def test_a93_counters_outlive_the_cache_and_name_nobody() -> None:
    for _ in range(3):
        allow.spend("password", "nia@glan.example", RULE)
    cache.clear()
    assert not allow.peek("password", "nia@glan.example", RULE)
    assert "nia" not in str(list(Counter.objects.values_list("key", flat=True)))


@pytest.mark.django_db
def test_old_counters_are_purged_and_young_ones_kept() -> None:
    with time_machine.travel(START, tick=False) as traveller:
        allow.spend("password", "old", (10, 86400))
        broken = allow.take(allow.Ask("row", "broken", [(10, allow.IN_A_ROW)]))
        assert broken
        allow.give_back(broken)
        allow.spend("row", "going on", (10, allow.IN_A_ROW))
        traveller.shift(timedelta(days=2, seconds=1))
        allow.spend("password", "young", (10, 86400))
        assert allow.purge_old() == 2
        assert Counter.objects.count() == 2


@pytest.mark.services
def test_a15_of_fifty_guesses_at_the_same_instant_no_more_than_the_limit_are_looked_at(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    runners, rules = 50, ((5, 300), (20, 3600), (50, 86400))
    start = Barrier(runners)

    def guess(_number: int) -> bool:
        try:
            start.wait(timeout=30)
            return allow.try_take("factor", "person", *rules)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(runners) as pool:
        assert Tally(pool.map(guess, range(runners))) == {True: 5, False: 45}
    assert set(Counter.objects.values_list("count", flat=True)) == {5}


@pytest.mark.services
def test_parallel_spending_loses_no_count(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    runners = 30
    start = Barrier(runners)

    def spend(_number: int) -> bool:
        try:
            start.wait(timeout=30)
            return allow.spend("failures", "person", (10, 900))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(runners) as pool:
        assert Tally(pool.map(spend, range(runners))) == {True: 10, False: 20}
    assert Counter.objects.get().count == runners


def test_p17_several_at_once_count_as_many_and_tell_how_many_are_left(db: None) -> None:
    rule = (5, 60)
    assert allow.left("many", "key", rule) == 5
    assert allow.spend("many", "key", rule, times=3)
    assert allow.left("many", "key", rule) == 2
    assert not allow.spend("many", "key", rule, times=3)
    assert allow.left("many", "key", rule) == 0
