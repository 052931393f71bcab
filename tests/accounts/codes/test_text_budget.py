"""How many texts may leave in a day, for a number, a person, a centre and in all (P16, A146)."""

from typing import Any

import pytest

from accounts.codes.budget import take_text
from accounts.codes.rules import NoTextNow
from accounts.events import Event
from accounts.models import User
from permissions.roles import Role
from portal import limits
from portal.audit.models import AuditEvent
from tests.cast import Cast, make_member

NUMBER = "+4477009{:05d}"


def _sent(user: User, numbers: range) -> int:
    """Ask for a text to each number until one is refused; return how many left."""
    for done, number in enumerate(numbers):
        try:
            take_text(user=user, number=NUMBER.format(number))
        except NoTextNow:
            return done
    return len(numbers)


def test_p16_a_number_gets_ten_a_day_from_whomever(cast: Cast) -> None:
    for person in (cast.user, cast.admin):
        for _ in range(limits.P16_SMS_PER_NUMBER_PER_DAY // 2):
            take_text(user=person.user, number=NUMBER.format(1))
    with pytest.raises(NoTextNow):
        take_text(user=cast.exams_officer.user, number=NUMBER.format(1))


def test_p16_a_person_gets_ten_a_day_to_whatever_numbers(cast: Cast) -> None:
    assert _sent(cast.user.user, range(100)) == limits.P16_SMS_PER_PERSON_PER_DAY
    take_text(user=cast.admin.user, number=NUMBER.format(1))


def test_p16_a_centre_gets_a_hundred_a_day(cast: Cast) -> None:
    people = [make_member(cast.centre, Role.USER, f"p{n}@glan.example").user for n in range(11)]
    assert sum(_sent(person, range(n * 100, n * 100 + 100)) for n, person in enumerate(people)) == limits.P16_SMS_PER_CENTRE_PER_DAY
    take_text(user=cast.other_exams_officer.user, number=NUMBER.format(1))


def test_p16_the_days_budget_alarms_at_half_and_stops_at_the_whole(cast: Cast, settings: Any) -> None:
    settings.SMS_BUDGET_PER_DAY = 6
    assert _sent(cast.user.user, range(100)) == 6
    with pytest.raises(NoTextNow):
        take_text(user=cast.other_exams_officer.user, number=NUMBER.format(1))
    alarms = AuditEvent.objects.filter(number=Event.SMS_BUDGET_ALARM.number).order_by("pk")
    assert [(event.detail["percent"], event.detail["sent"]) for event in alarms] == [(50, 3), (100, 6)]
