"""How many wrong passwords an address may be tried with (P11, P12), known or unknown alike (A06).

A guess is taken before it is looked at, so that of many at the same instant no more than the limit are evaluated (A15); a right one is given
back. A browser in which the owner signed in before has an allowance of its own, so that no stranger can lock somebody out (A20).
"""

import logging
from typing import Final

from accounts.events import Event
from accounts.models import User
from accounts.notices import send
from portal import limits
from portal.audit.record import record
from portal.ratelimit import allow
from portal.web import origin

_MINUTES: Final = 60
_DAY: Final = 86_400
_PASSWORD: Final = "password"  # noqa: S105
_KNOWN: Final = "password-known-browser"
_ADDRESS: Final = "password-address"
_RULE: Final = allow.Rule(limits.P11_PASSWORD_FAILURES, limits.P11_PAUSE_MINUTES * _MINUTES, pauses=True)
_KNOWN_RULE: Final = allow.Rule(limits.P11_FAILURES_OF_KNOWN_BROWSER, limits.P11_PAUSE_MINUTES * _MINUTES, pauses=True)
_ROW: Final = allow.Rule(limits.P11_FAILURES_IN_A_ROW, allow.IN_A_ROW)
_ADDRESS_RULE: Final = allow.Rule(limits.P12_ADDRESS_FAILURES, limits.P12_WINDOW_MINUTES * _MINUTES)
# A window that nobody outlives; unlike a count in a row, one right try takes back itself only (P6).
_INVITE_RULE: Final = allow.Rule(limits.P6_TEMPORARY_PASSWORD_TRIES, limits.P6_TRIES_KEPT_DAYS * _DAY)
# Swept up a day later: nobody shall fill the table with addresses.
_NO_INVITE_RULE: Final = allow.Rule(limits.A06_TRIES_WITHOUT_INVITE, _DAY)
_ALL_RULE: Final = allow.Rule(limits.P12_ALARM_FAILURES, limits.P12_ALARM_WINDOW_MINUTES * _MINUTES)
_log = logging.getLogger("portal.signin")


def take(*, email: str, known_mark: str) -> allow.Taken | None:
    """Take one guess for a canonical address, or None when it is paused. One statement, of the same shape for everybody.

    `known_mark` names a browser its owner signed in from, else "".
    """
    name, key, rule = (_KNOWN, f"{email} {known_mark}", _KNOWN_RULE) if known_mark else (_PASSWORD, email, _RULE)
    return allow.take(allow.Ask(name, key, (rule, _ROW)), allow.Ask(_ADDRESS, origin.current().counted_as, (_ADDRESS_RULE,)))


def take_of_invite(*, email: str, invite: str) -> allow.Taken | None:
    """Take one of the tries that the temporary password named by `invite` has in its whole life, or None when they are used up (P6).

    Apart from `take`, since what is used up must not make the answer come sooner than the pause of any other address (A06). Without an invite
    ("") the same is written and never refused.
    """
    return allow.take(allow.Ask("invite-tries", invite, (_INVITE_RULE,)) if invite else allow.Ask("no-invite", email, (_NO_INVITE_RULE,)))


def was_right(*taken: allow.Taken | None) -> None:
    """Give a guess back: it was the right password."""
    allow.give_back(*filter(None, taken))


def was_wrong(taken: allow.Taken, person: User | None) -> None:
    """Leave the guess counted; part of a caller's transaction.

    The hundredth in a row disables the password until it is reset, and its owner is told; many in all raise an alarm.
    """
    disabled = taken.counts.get((_PASSWORD, allow.IN_A_ROW)) == limits.P11_FAILURES_IN_A_ROW
    if disabled and person is not None:
        record(Event.PASSWORD_LOCKED, subject=person)
        send.password_locked(person)
    in_all = allow.count_up("password-all", "", _ALL_RULE)[_ALL_RULE.seconds]
    if in_all == limits.P12_ALARM_FAILURES:
        _log.error("%s wrong passwords in %s minutes, over all addresses (P12)", in_all, limits.P12_ALARM_WINDOW_MINUTES)
        record(Event.GUESSING_ALARM, failures=in_all, minutes=limits.P12_ALARM_WINDOW_MINUTES)


def forget(email: str) -> None:
    """Begin anew for an address whose password was just reset: what was guessed at is no more, and its owner must get in now (A20)."""
    allow.clear(_PASSWORD, email)
