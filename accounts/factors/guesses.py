"""How many wrong codes a person may enter (P13): one cumulative count, whatever method, browser or password step (A18).

A guess is taken before it is looked at, so that of many at the same instant no more than the limit are evaluated (A15). A right one is given
back. After a hundred wrong ones in a row codes are disabled until the person proves themselves by a passkey or a recovery code, which nobody
guesses, or their methods are reset.
"""

from typing import Final

from django.db import transaction

from accounts.events import Event
from accounts.factors.rules import TooManyTries
from accounts.models import User
from portal import limits
from portal.audit.record import record
from portal.ratelimit import allow

_NAME: Final = "factor-failures"
_RULES: Final = (
    allow.Rule(limits.P13_FACTOR_FAILURES_PER_5_MINUTES, 300, pauses=True),
    allow.Rule(limits.P13_FACTOR_FAILURES_PER_HOUR, 3600),
    allow.Rule(limits.P13_FACTOR_FAILURES_PER_DAY, 86400),
    allow.Rule(limits.P13_FACTOR_FAILURES_IN_A_ROW, allow.IN_A_ROW),
)


def take(user: User) -> allow.Taken:
    """Take one guess of a person's. Raises `TooManyTries` without looking at what was entered; it leaves its event all the same."""
    taken = allow.take(_ask(user))
    if taken is None:
        record(Event.CODE_REFUSED, subject=user, paused=True)
        raise TooManyTries()
    return taken


def was_right(taken: allow.Taken) -> None:
    """Give a guess back: it was the right code."""
    allow.give_back(taken)


@transaction.atomic
def was_wrong(user: User, taken: allow.Taken) -> None:
    """Leave the guess counted and the event in the trail; the hundredth in a row leaves one more."""
    record(Event.CODE_REFUSED, subject=user)
    if taken.counts[_NAME, allow.IN_A_ROW] == limits.P13_FACTOR_FAILURES_IN_A_ROW:
        record(Event.FACTOR_LOCKED, subject=user)


def count_wrong(user: User) -> None:
    """Count a wrong answer of a way that nobody guesses (a recovery code): it adds to the count, but is never refused by it."""
    taken = allow.take(_ask(user))
    if taken is not None:
        was_wrong(user, taken)
    else:
        record(Event.CODE_REFUSED, subject=user)


def unlock(user: User) -> None:
    """Begin the count in a row anew: the person proved themselves by what nobody guesses, or their methods were reset. The windows stay."""
    allow.give_back(allow.Taken((allow.Ask(_NAME, str(user.pk), _RULES[-1:]),), {}))


def _ask(user: User) -> allow.Ask:
    return allow.Ask(_NAME, str(user.pk), _RULES)
