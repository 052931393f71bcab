"""The deeds of signing in. Views parse, call, answer; everything that decides is here."""

from typing import Final, NoReturn, cast
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import EmailField, F
from django.http import HttpRequest

from accounts.codes.rules import NoTextNow, ResendTooSoon
from accounts.events import Event
from accounts.factors.flow import confirmed_factors, must_be_strong, send_factor_code
from accounts.invites.messages import send_locked
from accounts.models import Factor, Invitation, Language, Method, Purpose, User
from accounts.models.user import normal_password
from accounts.notices import send
from accounts.passwords import checking, temporary
from accounts.sessions import known
from accounts.signin import guesses, last_step
from accounts.signin import state as sign_in_state
from accounts.signin.refusals import InviteOver, WrongPassword
from accounts.signin.state import SignIn
from accounts.signin.steps import Step, invitation_reference, step_for, usable
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.fixed_query import FixedQuery, Given, columns, instance
from portal.ratelimit.allow import Taken

_PERSON: Final = FixedQuery(lambda: User.objects.filter(email=Given("email", EmailField())).order_by().values_list(*columns(User)))
_INVITES: Final = FixedQuery(
    lambda: (
        Invitation.objects.filter(email=Given("email", EmailField()), accepted_at=None, password_hash__gt="")
        .order_by("-sent_at")
        .values_list(*columns(Invitation))[:20]
    )
)


def give_email(*, session: SessionBase, email: str, next_path: str) -> None:
    """Begin a sign-in: note the canonical e-mail and where to go afterwards. The answer is the same for everybody (SIGN-1)."""
    sign_in_state.write(session, SignIn(email=email, at=clock.now().timestamp(), next=next_path))


def give_password(*, session: SessionBase, state: SignIn, password: str, mark: str = "") -> Step:
    """Check the password of the address given: the same questions and one hash check, whoever it belongs to (P11, A01). Returns the next step.

    A person is asked for their own password, an invited address for its temporary one. `mark` is the browser's, if it has one (A20).
    Raises `WrongPassword`, or `InviteOver` when the right temporary password of an expired or withdrawn invite was given (SIGN-5).
    """
    known_mark = mark if known.is_known(email=state.email, mark=mark) else ""
    person = next((instance(User, row) for row in _PERSON.rows(email=state.email)), None)
    found = _invitation_for(state.email, temporary.selector(password))
    invitation = found if person is None else None
    taken = guesses.take(email=state.email, known_mark=known_mark)
    if taken is None:
        _refuse(state, invitation or person)
    tries = guesses.take_of_invite(email=state.email, invite=invitation_reference(invitation) if invitation else "")
    if invitation is not None:
        right = checking.matches(temporary.normal(password), invitation.password_hash if tries and invitation.tries_left else None)
    else:
        right = checking.matches(normal_password(password), person.password if person else None)
    if not right or (person is not None and (not person.is_active or person.frozen_at is not None)):
        _note_wrong(taken, person, invitation)
        _refuse(state, invitation or person)
    guesses.was_right(taken, tries)
    if invitation is not None:
        return _open_invitation(session, state, invitation)
    return _ask_factor(session, state, cast("User", person), password)


def finish(*, request: HttpRequest, person: User, factor: Factor | None) -> str:
    """Sign a person in after their factor was proved (None: a recovery code); returns the local path they wanted, or "".

    The session gets a new id (SIGN-4), the browser is known from now on, and one that was not known before is told to its owner.
    Raises `SignInOver`.
    """
    session = request.session
    state = sign_in_state.read(session)
    wanted = state.next if state else ""
    sign_in_state.forget(session)
    for leftover in ("guest_language", "reset", "confirm_way", "replaces"):
        session.pop(leftover, None)
    last_step.let_in(request, person, factor)
    return wanted


def needs_stronger(person: User, factor: Factor | None) -> bool:
    """Say whether a person who just proved a method must set up a stronger one before they are let in (MFA-5)."""
    if factor is None or factor.method != Method.EMAIL:
        return False
    return must_be_strong(person) and all(one.method == Method.EMAIL for one in confirmed_factors(person))


def wrong_code(*, session: SessionBase, state: SignIn, person: User, known_browser: bool) -> bool:
    """Count a wrong code of this sign-in; the fifth ends it (P13). Returns whether it ended.

    The right password with a wrong code is told to its owner: at once from a strange browser, at the end from one they know.
    """
    state.tries += 1
    over = state.tries >= limits.P13_FAILURES_PER_CHALLENGE
    if over:
        sign_in_state.forget(session)
    else:
        sign_in_state.write(session, state)
    if over or not known_browser:
        send.wrong_factor(person)
    return over


def send_first_code(session: SessionBase, factors: list[Factor]) -> None:
    """Send the code of the preferred method, unless one left a moment ago or no text may leave now."""
    if not factors:
        return
    try:
        send_factor_code(factor=factors[0], purpose=Purpose.SIGN_IN, session=session)
    except (ResendTooSoon, NoTextNow):
        # The code sent a moment ago still works in the browser that asked for it; the page offers another after a minute, and other ways.
        return


def _ask_factor(session: SessionBase, state: SignIn, person: User, password: str) -> Step:
    if not checking.is_current(person.password):
        User.objects.filter(pk=person.pk).update(password=make_password(normal_password(password)))
    _renew(session, state, person=str(person.pk))
    factors = usable(person, confirmed_factors(person))
    send_first_code(session, factors)
    return step_for(factors)


def _open_invitation(session: SessionBase, state: SignIn, invitation: Invitation) -> Step:
    if invitation.withdrawn_at or invitation.expired(clock.now()) or invitation.centre.frozen_at:
        record(Event.INVITE_REFUSED, subject=invitation, centre=invitation.centre)
        raise InviteOver(invitation)
    _renew(session, state, invitation=invitation_reference(invitation))
    if invitation.language == Language.WELSH:
        # The inviter's guess for the first visit; an English one says no more than the form's default, so the browser's own wish stands.
        session["guest_language"] = invitation.language
    return Step.SET_PASSWORD


@transaction.atomic
def _note_wrong(taken: Taken, person: User | None, invitation: Invitation | None) -> None:
    """Keep a wrong guess in one transaction, of nearly the same work for everybody."""
    guesses.was_wrong(taken, person)
    # An id that is nobody's keeps the work alike for an address without an invite.
    row = Invitation.objects.filter(pk=invitation.pk if invitation else uuid4(), tries_left__gt=0)
    if row.update(tries_left=F("tries_left") - 1) and invitation is not None:
        _tell_when_locked(invitation)


def _tell_when_locked(invitation: Invitation) -> None:
    """Tell whoever invited that the tries of a whole life are used up (P6, A16)."""
    if Invitation.objects.filter(pk=invitation.pk, tries_left=0, accepted_at=None, withdrawn_at=None).exists():
        record(Event.INVITE_LOCKED, subject=invitation, centre=invitation.centre)
        send_locked(invitation=invitation)


def _invitation_for(email: str, selector: str) -> Invitation | None:
    sent = [instance(Invitation, row) for row in _INVITES.rows(email=email)]
    return next((invitation for invitation in sent if invitation.selector == selector), sent[0] if sent else None)


def _refuse(state: SignIn, subject: User | Invitation | None) -> NoReturn:
    event = Event.INVITE_REFUSED if isinstance(subject, Invitation) else Event.PASSWORD_REFUSED
    # The address itself stays out of the trail: people type passwords into the wrong field.
    record(event, subject=subject, asked=crypto.digest("asked", state.email)[:12])
    raise WrongPassword()


def _renew(session: SessionBase, state: SignIn, *, person: str = "", invitation: str = "") -> None:
    state.person, state.invitation, state.at = person, invitation, clock.now().timestamp()
    state.way, state.tries, state.proved = "", 0, ""
    sign_in_state.write(session, state)
    session.cycle_key()
