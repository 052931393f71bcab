"""Edges of the counters that only a changed rule would cross (see `make mutants`)."""

from datetime import timedelta

import pytest
import time_machine

from portal import clock
from portal.ratelimit import allow
from portal.ratelimit.models import Counter

pytestmark = pytest.mark.django_db


def test_a_question_about_one_window_is_not_answered_by_another() -> None:
    assert allow.take(allow.Ask("name", "key", ((5, 60), (1, 3600)))) is not None
    assert allow.peek("name", "key", (5, 60))
    assert not allow.peek("name", "key", (1, 3600))


def test_a_refused_taking_breaks_no_row() -> None:
    """How many in a row: what was refused for another reason leaves the count as it was."""
    ask = allow.Ask("name", "key", ((100, allow.IN_A_ROW), (2, 900)))
    assert [allow.take(ask) is not None for _time in range(3)] == [True, True, False]
    with time_machine.travel(clock.now() + timedelta(seconds=901), tick=False):
        taken = allow.take(ask)
    assert taken is not None
    assert taken.counts["name", allow.IN_A_ROW] == 3


def test_a_row_lasts_for_years_and_is_swept_once_it_was_broken() -> None:
    rule = (100, allow.IN_A_ROW)
    for key in ("one", "two", "three"):
        taken = allow.take(allow.Ask("name", key, (rule,)))
        assert taken is not None
        if key != "three":
            allow.give_back(taken)
    allow.take(allow.Ask("name", "short", ((1, 60),)))
    with time_machine.travel(clock.now() + timedelta(days=365), tick=False):
        assert allow.purge_old() == 3
        assert Counter.objects.get().count == 1
    with time_machine.travel(clock.now() + timedelta(days=367), tick=False):
        assert allow.purge_old() == 1, "nobody added to it for a year"
