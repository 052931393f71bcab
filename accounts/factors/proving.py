"""Prove a method that is set up, by the code it gives (SIGN-4)."""

from django.contrib.sessions.backends.base import SessionBase

from accounts.codes import texts
from accounts.codes.flow import check_code, send_code
from accounts.codes.rules import NoTextNow, WrongCode, normal_code
from accounts.factors import guesses
from accounts.factors.totp.rules import matching_step, step_at
from accounts.models import Factor, Method, Purpose, User
from portal import clock, limits


def send_factor_code(*, factor: Factor, purpose: Purpose, session: SessionBase) -> None:
    """Send the code a method needs; an app and a passkey need none. Raises `ResendTooSoon`, `NoTextNow`."""
    user: User = factor.user
    texts.note_refusal(session, refused=False)
    if factor.method == Method.SMS:
        try:
            send_code(user=user, purpose=purpose, session=session, kind="sign_in_code", channel="sms", to=factor.number)
        except NoTextNow:
            texts.note_refusal(session, refused=True)
            raise
    elif factor.method == Method.EMAIL:
        send_code(user=user, purpose=purpose, session=session, kind="sign_in_code", channel="email", to=user.email)


def prove(*, factor: Factor, purpose: Purpose, session: SessionBase, text: str) -> None:
    """Prove a method by its code, once: one that is set up, or with `Purpose.ENROL` one that is being set up.

    The guess is counted before it is looked at. Raises `WrongCode` or `TooManyTries`; anything odd is a refusal, never a pass (A51).
    """
    user: User = factor.user
    taken = guesses.take(user)
    try:
        _check(factor, user, purpose, session, text)
    except WrongCode:
        guesses.was_wrong(user, taken)
        raise
    guesses.was_right(taken)


def _check(factor: Factor, user: User, purpose: Purpose, session: SessionBase, text: str) -> None:
    if factor.method == Method.APP:
        spend_app_code(factor, text)
    elif factor.method in {Method.SMS, Method.EMAIL}:
        target = factor.number if factor.method == Method.SMS else user.email
        check_code(user=user, purpose=purpose, session=session, text=text, target=target)
    else:
        raise WrongCode()


def spend_app_code(factor: Factor, text: str) -> None:
    """Take a code of an authenticator app, once: the last accepted step is only ever raised, in one statement (P9, A25). Raises `WrongCode`."""
    now = clock.now()
    code = normal_code(text, limits.P9_TOTP_DIGITS)
    # A key that was lost reads as empty, and everybody knows the codes of an empty one (A51).
    step = matching_step(factor.seed, code, step_at(now.timestamp()), factor.last_step) if code and factor.seed else None
    if step is None or not Factor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step, used_at=now):
        raise WrongCode()
    factor.last_step = step
