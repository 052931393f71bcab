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
    with time_machine.travel(START, tick=False) as traveller:
        for _ in range(3):
            assert allow.try_take("guess", "a", RULE)
        allow.give_back("guess", "a", RULE)
        assert [allow.try_take("guess", "a", RULE) for _ in range(2)] == [True, False]
        allow.give_back("guess", "nobody", RULE)
        assert not Counter.objects.filter(count__lt=0).exists()
        traveller.shift(61)
        allow.give_back("guess", "a", RULE)
        assert Counter.objects.get().count == 3, "the window of that guess is over"


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
        traveller.shift(timedelta(days=2, seconds=1))
        allow.spend("password", "young", (10, 86400))
        assert allow.purge_old() == 1
        assert Counter.objects.count() == 1


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
