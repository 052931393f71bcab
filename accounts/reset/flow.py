"""The deeds of a forgotten password. Every address gets the same answer; what differs happens in the outbox (RST-2)."""

from contextlib import suppress
from datetime import datetime, timedelta
from typing import NoReturn

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.codes.flow import browser_of, charge, send_code, spend
from accounts.codes.rules import ResendTooSoon, WrongCode, new_code
from accounts.events import Event
from accounts.factors.flow import confirmed_factors
from accounts.models import Code, Invitation, Method, Purpose, User
from accounts.notices import send
from accounts.passwords.flow import centre_words, own_words, replace_password
from accounts.passwords.rules import check_new_password
from accounts.sessions import known
from accounts.sessions.ending import end_sessions
from accounts.signin import guesses
from permissions.models import Membership
from permissions.roles import Role
from permissions.scope import managers_of
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.outbox.put import call_for_nothing, put
from portal.ratelimit import allow
from portal.web import origin

_MAILBOX_RULES = (
    (limits.P14_RESETS_PER_MINUTE, 60),
    (limits.P14_RESETS_PER_HOUR, 3600),
    (limits.P14_RESETS_PER_DAY, 86400),
)


def ask_reset(*, session: SessionBase, email: str, mark: str = "") -> None:
    """Send a code to a person, help to somebody who never activated their invite, nothing to anybody else; never says which (RST-2, RST-3).

    The same questions are asked and as many rows written for everybody, so that neither time nor cookies tell (A03). `mark` is the browser's,
    if it has one: where the owner signed in before, strangers who ask too often keep nobody out (A20).
    Raises `ResendTooSoon` by what was asked, never by who exists (P14).
    """
    browser_of(session)
    allowed = allow.try_take("reset-address", origin.current().counted_as, (limits.P14_RESETS_PER_ADDRESS_PER_HOUR, 3600))
    known_mark = mark if known.is_known(email=email, mark=mark) else ""
    if not allowed or not allow.try_take("reset", f"{email} {known_mark}".strip(), *_MAILBOX_RULES):
        raise ResendTooSoon()
    person = User.objects.filter(email=email, is_active=True).first()
    waiting = Invitation.objects.select_related("centre").filter(email=email, accepted_at=None, withdrawn_at=None)
    invitation = waiting.order_by("-sent_at").first()
    if person is not None:
        _send(session, person, known_mark)
    else:
        _send_no_code(email, invitation)


@transaction.atomic
def _send(session: SessionBase, person: User, known_mark: str) -> None:
    try:
        send_code(
            user=person,
            purpose=Purpose.RESET,
            session=session,
            kind="reset_code",
            channel="email",
            to=person.email,
            known_mark=known_mark,
            told=True,
        )
    except ResendTooSoon:
        return
    record(Event.PASSWORD_RESET_ASKED, actor=None, subject=person)


@transaction.atomic
def _send_no_code(email: str, invitation: Invitation | None) -> None:
    """Do for an address without an account what `send_code` does for one that has one, row by row; what nobody shall get never leaves."""
    nobody, text = _nobody(), new_code(limits.P7_RESET_CODE_DIGITS)
    Code.objects.filter(user=nobody, purpose=Purpose.RESET, target=email, spent_at=None).exists()
    allow.try_take("code-reset", email, (limits.P15_RESENDS_PER_HOUR, 3600), (limits.P15_RESENDS_PER_DAY, 86400))
    Code.objects.filter(user=nobody, purpose=Purpose.RESET, spent_at=None).update(spent_at=clock.now(), digest="")
    if invitation is not None:
        put(
            "reset_not_activated",
            to=invitation.email,
            language="both-cy" if invitation.centre.country == "wales" else "both-en",
            context={
                "name": invitation.full_name,
                "centre": invitation.centre.name,
                "number": invitation.centre.number,
                "role": invitation.role,
            },
            about=f"invitation:{invitation.pk}",
        )
    else:
        call_for_nothing("reset_code")
    _write_and_take_back(text, rows=1 if invitation is not None else 2)
    record(Event.PASSWORD_RESET_ASKED, subject=invitation, asked=crypto.digest("asked", email)[:12])


class _TakenBack(Exception):
    """Undoes what was written for the work of it alone."""


def _write_and_take_back(text: str, *, rows: int) -> None:
    """Write messages that never were: undone, not deleted, since a deletion asks every table that refers to them."""
    with suppress(_TakenBack), transaction.atomic():
        for _row in range(rows):
            put("reset_code", to="", language="en", context={}, secret=text, about="nobody")
        raise _TakenBack


def reset_password(*, session: SessionBase, email: str, code: str, password: str) -> None:
    """Give a person a new password against the mailed code; ends all sessions, never signs in, never touches MFA (RST-2).

    What can be said of the password alone comes first, so that a refused one does not use the code up; names are compared once the code was
    right, or they would tell whose address it is. The code is spent by the very transaction that writes the password.
    Raises `BadPassword`, `WrongCode`.
    """
    check_new_password(password, own_words=(email.partition("@")[0],))
    person = User.objects.filter(email=email, is_active=True).first()
    # For nobody the same questions are asked of nobody.
    # A code mailed to an address that was given up since does not count.
    found = charge(user=person or _nobody(), purpose=Purpose.RESET, session=session, text=code, target=email)
    if person is None or found is None:
        _refuse(email, person)
    check_new_password(password, own_words=own_words(person), centre_words=centre_words(person))
    with transaction.atomic():
        if not spend(found):
            raise WrongCode()
        person.frozen_at = None
        person.held_until = _hold(person)
        replace_password(user=person, password=password)
        person.save(update_fields=["frozen_at", "held_until"])
        end_sessions(person)
        known.forget(person)
        record(Event.PASSWORD_RESET, actor=person, subject=person)
    guesses.forget(email)


def _refuse(email: str, person: User | None) -> NoReturn:
    record(Event.CODE_REFUSED, subject=person, purpose=Purpose.RESET.value, asked=crypto.digest("asked", email)[:12])
    raise WrongCode()


def _nobody() -> User:
    """Return a person who is not in the database."""
    return User(email="")


def _hold(person: User) -> datetime | None:
    """Begin the 24-hour hold of somebody whose only method is e-mail, and tell who manages their centres (MFA-5); else keep the one there is."""
    methods = {factor.method for factor in confirmed_factors(person)}
    places = Membership.objects.filter(user=person).select_related("centre").order_by("pk")
    # None at all is no better: whoever reads the mailbox would set e-mail up at the next sign-in.
    if not methods <= {Method.EMAIL.value}:
        return person.held_until
    until = clock.now() + timedelta(hours=limits.MFA5_HOLD_HOURS)
    record(Event.HOLD_STARTED, actor=person, subject=person)
    for place in places:
        for manager in managers_of(place.centre):
            told = manager.user
            officer = manager.role == Role.EXAMS_OFFICER
            if told is not None and told.pk != person.pk and (officer or place.role == Role.EXAMS_OFFICER):
                send.hold_started(person, to=told, until=until.isoformat(), centre=str(place.centre))
    return until
