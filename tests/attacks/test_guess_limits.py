"""The limits of guessing at their edges, counted directly: what `make mutants` breaks, these tests notice (P6, P11, P12, P13)."""

from datetime import timedelta
from itertools import count

import pytest
import time_machine

from accounts.factors import guesses as factor_guesses
from accounts.factors.rules import TooManyTries
from accounts.models import User
from accounts.signin import guesses
from portal import clock, limits
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.ratelimit import allow
from portal.ratelimit.models import Counter
from portal.web import origin
from tests.cast import Cast

pytestmark = pytest.mark.django_db
EMAIL = "eo@glan.example"
MARK = "0" * 32
_addresses = count()


def guess(email: str = EMAIL, *, mark: str = "", invite: str = "", address: str = "") -> allow.Taken | None:
    """Take one guess, from an address of its own unless one is named."""
    number = next(_addresses)
    where = origin.Origin(address or f"10.0.{number // 250}.{number % 250 + 1}")
    token = origin._current.set(where)
    try:
        if invite:
            return guesses.take_of_invite(email=email, invite=invite)
        return guesses.take(email=email, known_mark=mark)
    finally:
        origin._current.reset(token)


def taken(times: int, **where: str) -> list[bool]:
    return [guess(**where) is not None for _number in range(times)]


def test_p11_ten_then_a_pause_of_fifteen_minutes_from_the_tenth() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        assert all(taken(9))
        traveller.move_to(start + timedelta(minutes=14))
        assert taken(2) == [True, False]
        traveller.move_to(start + timedelta(minutes=14 + 15, seconds=-1))
        assert taken(1) == [False]
        traveller.move_to(start + timedelta(minutes=14 + 15))
        assert taken(1) == [True]


def test_p11_a_recognised_browser_counts_apart_and_each_by_itself() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        assert all(taken(9, mark=MARK))
        traveller.move_to(start + timedelta(minutes=14))
        assert taken(2, mark=MARK) == [True, False]
        assert guess() is not None
        assert guess(mark="1" * 32) is not None
        assert guess("admin@glan.example", mark=MARK) is not None
        traveller.move_to(start + timedelta(minutes=14 + 15, seconds=-1))
        assert taken(1, mark=MARK) == [False]
        traveller.move_to(start + timedelta(minutes=14 + 15))
        assert taken(1, mark=MARK) == [True]


def test_p12_a_hundred_from_one_address_whoever_is_tried() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P12_ADDRESS_FAILURES):
            assert guess(f"n{number}@glan.example", address="192.0.2.1") is not None
        assert guess("one.more@glan.example", address="192.0.2.1") is None
        assert guess("one.more@glan.example", address="192.0.2.2") is not None
        traveller.move_to(start + timedelta(minutes=15, seconds=-1))
        assert guess("one.more@glan.example", address="192.0.2.1") is None
        traveller.move_to(start + timedelta(minutes=15))
        assert guess("one.more@glan.example", address="192.0.2.1") is not None


def test_p6_ten_tries_of_an_invite_in_its_whole_life_and_a_right_one_gives_back_itself_only() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(5):
            traveller.move_to(start + timedelta(days=number))
            assert taken(2, invite="7:abcd") == [True, True]
        traveller.shift(timedelta(days=40))
        assert taken(1, invite="7:abcd") == [False]
        assert taken(1, invite="7:efgh") == [True], "sent again it is another"
        last = guess("other@glan.example", invite="8:abcd")
        assert last is not None
        guesses.was_right(last)
        assert taken(9, email="third@glan.example", invite="8:abcd") == [True] * 9
        traveller.shift(timedelta(days=1))
        assert taken(2, email="third@glan.example", invite="8:abcd") == [True, False]


def test_p6_what_is_written_where_there_is_no_invite_is_never_refused_and_swept_up_a_day_later() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False):
        assert all(guesses.take_of_invite(email="nobody@glan.example", invite="") for _number in range(20))
    assert Counter.objects.get().ends_at == start + timedelta(days=1)


def test_p11_the_hundredth_wrong_one_in_a_row_disables_and_tells_once(cast: Cast) -> None:
    person = cast.exams_officer.user
    start = clock.now()
    last = None
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P11_FAILURES_IN_A_ROW):
            traveller.move_to(start + timedelta(hours=number))
            last = guess()
            assert last is not None
            if number >= limits.P11_FAILURES_IN_A_ROW - 2:
                guesses.was_wrong(last, person)
                seen = AuditEvent.objects.filter(kind="PASSWORD_LOCKED", subject_id=str(person.pk)).count()
                assert seen == (number == limits.P11_FAILURES_IN_A_ROW - 1)
        traveller.shift(timedelta(days=300))
        assert guess() is None, "however long one waits"
        assert guess(mark=MARK) is not None, "but where the owner signed in before"
        guesses.forget(EMAIL)
        assert guess() is not None
    assert Message.objects.filter(kind="password_locked", recipient=EMAIL).count() == 1


def test_p11_the_row_of_a_recognised_browser_disables_nothing_but_itself(cast: Cast) -> None:
    start = clock.now()
    found = None
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P11_FAILURES_IN_A_ROW):
            traveller.move_to(start + timedelta(hours=number))
            found = guess(mark=MARK)
            assert found is not None
        assert found is not None
        guesses.was_wrong(found, cast.exams_officer.user)
        traveller.shift(timedelta(hours=1))
        assert guess(mark=MARK) is None
        assert guess() is not None
    assert not AuditEvent.objects.filter(kind="PASSWORD_LOCKED").exists()


def test_p11_a_row_of_nobody_tells_nobody() -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P11_FAILURES_IN_A_ROW):
            traveller.move_to(start + timedelta(hours=number))
            found = guess("nobody@glan.example")
        assert found is not None
        guesses.was_wrong(found, None)
        assert guess("nobody@glan.example") is None, "known and unknown alike (A06)"
        guesses.forget("nobody@glan.example")
        assert guess("nobody@glan.example") is not None
    assert not AuditEvent.objects.exists()


def test_p12_a_thousand_wrong_ones_in_five_minutes_raise_one_alarm() -> None:
    rule = (limits.P12_ALARM_FAILURES, 300)
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for _number in range(limits.P12_ALARM_FAILURES - 2):
            allow.count_up("password-all", "", rule)
        for number in range(4):
            found = guess()
            assert found is not None
            guesses.was_wrong(found, None)
            assert AuditEvent.objects.filter(kind="GUESSING_ALARM").count() == (number >= 1)
        event = AuditEvent.objects.get(kind="GUESSING_ALARM")
        assert event.detail == {"failures": 1000, "minutes": 5}
        traveller.move_to(start + timedelta(minutes=5))
        assert allow.count_up("password-all", "", rule)[300] == 1


def test_p13_five_in_five_minutes_twenty_an_hour_fifty_a_day(cast: Cast) -> None:
    user = cast.user.user
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:

        def found_at(**later: int) -> int:
            traveller.move_to(start + timedelta(**later))
            return _taken_by(user, 6)

        assert [found_at(minutes=minute) for minute in (0, 5, 10, 15, 20, 55)] == [5, 5, 5, 5, 0, 0]
        assert [found_at(hours=1, seconds=-1), found_at(hours=1)] == [0, 5]
        assert [found_at(hours=1, minutes=minute) for minute in (5, 10, 15, 20)] == [5, 5, 5, 0]
        assert [found_at(hours=2), found_at(hours=2, minutes=5), found_at(hours=2, minutes=10)] == [5, 5, 0]
        assert [found_at(hours=23), found_at(days=1, seconds=-1), found_at(days=1)] == [0, 0, 5]
        assert _taken_by(cast.admin.user, 6) == 5


def test_p13_a_pause_lasts_five_minutes_from_the_fifth(cast: Cast) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        assert _taken_by(cast.user.user, 4) == 4
        traveller.move_to(start + timedelta(minutes=4))
        assert _taken_by(cast.user.user, 1) == 1
        traveller.move_to(start + timedelta(minutes=9, seconds=-1))
        assert _taken_by(cast.user.user, 1) == 0
        traveller.move_to(start + timedelta(minutes=9))
        assert _taken_by(cast.user.user, 1) == 1


def test_p13_a_hundred_in_a_row_lock_until_unlocked_and_leave_one_event(cast: Cast) -> None:
    user = cast.user.user
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        for number in range(limits.P13_FACTOR_FAILURES_IN_A_ROW):
            traveller.move_to(start + timedelta(hours=number))
            factor_guesses.was_wrong(user, factor_guesses.take(user))
            assert AuditEvent.objects.filter(kind="FACTOR_LOCKED").count() == (number == limits.P13_FACTOR_FAILURES_IN_A_ROW - 1)
        assert AuditEvent.objects.filter(kind="CODE_REFUSED", subject_id=str(user.pk)).count() == limits.P13_FACTOR_FAILURES_IN_A_ROW
        traveller.shift(timedelta(days=3))
        assert _taken_by(user, 1) == 0
        factor_guesses.count_wrong(user)
        assert AuditEvent.objects.filter(kind="CODE_REFUSED").count() == limits.P13_FACTOR_FAILURES_IN_A_ROW + 2, (
            "refused unseen, and wrong"
        )
        assert AuditEvent.objects.filter(kind="CODE_REFUSED", detail__paused=True).count() == 1, "refused unseen"
        factor_guesses.unlock(user)
        before = factor_guesses.take(user).counts
        assert before["factor-failures", allow.IN_A_ROW] == 1
        factor_guesses.unlock(user)
        after = factor_guesses.take(user).counts
        assert {seconds: after[name, seconds] - before[name, seconds] for name, seconds in after} == {
            300: 1,
            3600: 1,
            86400: 1,
            allow.IN_A_ROW: 0,
        }
        assert _taken_by(user, 6) == 3, "the windows stay"
        factor_guesses.unlock(user)
        assert _taken_by(user, 1) == 0


def test_p13_a_wrong_recovery_code_adds_to_the_count_and_a_right_code_begins_the_row_anew(cast: Cast) -> None:
    user = cast.user.user
    with time_machine.travel(clock.now(), tick=False) as traveller:
        for _number in range(3):
            factor_guesses.count_wrong(user)
        assert _taken_by(user, 3) == 2
        traveller.shift(timedelta(minutes=5))
        found = factor_guesses.take(user)
        factor_guesses.was_right(found)
        assert factor_guesses.take(user).counts["factor-failures", allow.IN_A_ROW] == 1


def _taken_by(user: User, times: int) -> int:
    done = 0
    for _number in range(times):
        try:
            factor_guesses.take(user)
        except TooManyTries:
            continue
        done += 1
    return done
