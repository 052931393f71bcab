"""The deeds of signing in. Views parse, call, answer; everything that decides is here."""

from collections.abc import Sequence
from typing import Final, NoReturn

from django.contrib.auth import login
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db.models import F
from django.http import HttpRequest
from django_otp import DEVICE_ID_SESSION_KEY

from accounts.codes.rules import ResendTooSoon
from accounts.events import Event
from accounts.factors.flow import confirmed_factors, send_factor_code
from accounts.models import Factor, Invitation, Language, Purpose, User
from accounts.passwords import temporary
from accounts.sessions import middleware as life
from accounts.signin import state as sign_in_state
from accounts.signin.refusals import InviteOver, WrongPassword
from accounts.signin.state import SignIn
from accounts.signin.steps import Step, invitation_reference, step_for, usable
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.ratelimit import allow
from portal.web import origin

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_NOBODY: Final = make_password(temporary.make().text)
_PASSWORD_RULE: Final = (limits.P11_PASSWORD_FAILURES, limits.P11_WINDOW_MINUTES * 60)
_ADDRESS_RULE: Final = (limits.P12_ADDRESS_FAILURES, limits.P12_WINDOW_MINUTES * 60)


def give_email(*, session: SessionBase, email: str, next_path: str) -> None:
    """Begin a sign-in: note the canonical e-mail and where to go afterwards. The answer is the same for everybody (SIGN-1)."""
    sign_in_state.write(session, SignIn(email=email, at=clock.now().timestamp(), next=next_path))


def give_password(*, session: SessionBase, state: SignIn, password: str) -> Step:
    """Check the password of the address given: exactly one hash check, whoever it belongs to (P11, A01). Returns the next step.

    A person is asked for their own password, an invited address for its temporary one. Raises `WrongPassword`, or `InviteOver` when the right
    temporary password of an expired or withdrawn invite was given (SIGN-5).
    """
    key, address = state.email, origin.current().address
    if not allow.peek_all(("password", key, [_PASSWORD_RULE]), ("password-address", address, [_ADDRESS_RULE])):
        _refuse(state, Event.PASSWORD_REFUSED, None)
    person = User.objects.filter(email=state.email).first()
    if person is not None:
        if not person.check_password(password) or not person.is_active:
            _refuse(state, Event.PASSWORD_REFUSED, person)
        _renew(session, state, person=str(person.pk))
        factors = usable(person, confirmed_factors(person))
        _send_first_code(session, factors)
        return step_for(factors)
    invitation = _check_temporary(state, password)
    if invitation.withdrawn_at or invitation.expired(clock.now()) or invitation.centre.frozen_at:
        record(Event.INVITE_REFUSED, subject=invitation, centre=invitation.centre)
        raise InviteOver(invitation)
    _renew(session, state, invitation=invitation_reference(invitation))
    if invitation.language == Language.WELSH:
        # The inviter's guess for the first visit; an English one says no more than the form's default, so the browser's own wish stands.
        session["guest_language"] = invitation.language
    return Step.SET_PASSWORD


def send_code_again(*, session: SessionBase, factor: Factor) -> None:
    """Send another sign-in code. Raises `ResendTooSoon` (P15)."""
    send_factor_code(factor=factor, purpose=Purpose.SIGN_IN, session=session)


def finish(*, request: HttpRequest, person: User, factor: Factor) -> str:
    """Sign a person in after their factor was proved; returns the local path they wanted, or "". The session gets a new id (SIGN-4)."""
    state = sign_in_state.read(request.session)
    wanted = state.next if state else ""
    sign_in_state.forget(request.session)
    for leftover in ("guest_language", "reset"):
        request.session.pop(leftover, None)
    login(request, person, backend=_BACKEND)
    now = clock.now().timestamp()
    request.session[DEVICE_ID_SESSION_KEY] = factor.persistent_id
    request.session["proved_method"] = factor.method
    request.session["proved_at"] = now
    request.session[life.STARTED] = request.session[life.SEEN] = now
    request.session[life.STAFF] = person.is_staff
    record(Event.SIGNED_IN, actor=person, subject=person, method=factor.method)
    return wanted


def _check_temporary(state: SignIn, password: str) -> Invitation:
    chosen = _invitation_for(state.email, temporary.selector(password))
    charged = chosen is not None and Invitation.objects.filter(pk=chosen.pk, tries_left__gt=0).update(tries_left=F("tries_left") - 1) == 1
    right = temporary.matches(password, chosen.password_hash if chosen and charged else _NOBODY)
    if chosen is None or not charged or not right:
        _refuse(state, Event.INVITE_REFUSED, chosen)
    # The right one costs no try: somebody who starts over is not locked out of their own invite.
    Invitation.objects.filter(pk=chosen.pk).update(tries_left=F("tries_left") + 1)
    return chosen


def _invitation_for(email: str, selector: str) -> Invitation | None:
    sent = list(
        Invitation.objects.select_related("centre")
        .filter(email=email, accepted_at=None)
        .exclude(password_hash="")
        .order_by("-sent_at")[:20]
    )
    return next((invitation for invitation in sent if invitation.selector == selector), sent[0] if sent else None)


def _refuse(state: SignIn, event: Event, subject: User | Invitation | None) -> NoReturn:
    allow.spend("password", state.email, _PASSWORD_RULE)
    allow.spend("password-address", origin.current().address, _ADDRESS_RULE)
    # The address itself stays out of the trail: people type passwords into the wrong field.
    record(event, subject=subject, asked=crypto.digest("asked", state.email)[:12])
    raise WrongPassword()


def _renew(session: SessionBase, state: SignIn, *, person: str = "", invitation: str = "") -> None:
    state.person, state.invitation, state.at = person, invitation, clock.now().timestamp()
    sign_in_state.write(session, state)
    session.cycle_key()


def _send_first_code(session: SessionBase, factors: Sequence[Factor]) -> None:
    if not factors:
        return
    try:
        send_factor_code(factor=factors[0], purpose=Purpose.SIGN_IN, session=session)
    except ResendTooSoon:
        # The code sent a moment ago still works in the browser that asked for it; the page offers another after a minute.
        return
