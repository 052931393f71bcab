"""Set up a method, prove a method: the deeds behind every factor page (MFA-1, MFA-3)."""

from collections.abc import Iterable
from typing import Final, cast
from uuid import UUID

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction

from accounts.codes.flow import check_code, live_code, send_code
from accounts.codes.rules import WrongCode, normal_code
from accounts.events import Event
from accounts.factors.rules import TooManyTries
from accounts.factors.totp.key import new_seed
from accounts.factors.totp.rules import matching_step, step_at
from accounts.models import Factor, Method, Purpose, User
from accounts.sessions.ending import end_sessions
from portal import clock, limits
from portal.audit.record import record
from portal.outbox.put import put
from portal.ratelimit import allow

_ORDER: Final = list(Method.values)
_FACTOR_RULES = (
    (limits.P13_FACTOR_FAILURES_PER_5_MINUTES, 300),
    (limits.P13_FACTOR_FAILURES_PER_HOUR, 3600),
    (limits.P13_FACTOR_FAILURES_PER_DAY, 86400),
)


def confirmed_factors(user: User) -> list[Factor]:
    """Return the methods a person has set up, in the guide's order."""
    factors = _in_order(Factor.objects.filter(user=user.pk, confirmed=True))
    for factor in factors:
        factor.user = user
    return factors


def person_and_factors(pk: UUID | str) -> tuple[User | None, list[Factor]]:
    """Return an active person and the methods they have set up, in the guide's order, with one query for most."""
    factors = _in_order(Factor.objects.select_related("user").filter(user=pk, user__is_active=True, confirmed=True))
    person = factors[0].user if factors else User.objects.filter(pk=pk, is_active=True).first()
    return person, factors


def _in_order(factors: Iterable[Factor]) -> list[Factor]:
    return sorted(factors, key=lambda factor: _ORDER.index(factor.method))


def allowed_methods(user: User) -> list[Method]:
    """Return the methods a person may set up: staff the app only (MFA-1), everybody else all three."""
    return [Method.APP] if user.is_staff else [Method.APP, Method.SMS, Method.EMAIL]


def start_app(*, user: User) -> Factor:
    """Return the authenticator app that is being set up; its key stays the same until it was proved or given up."""
    factor, _made = Factor.objects.get_or_create(
        user=user, method=Method.APP, confirmed=False, defaults={"seed": new_seed(), "name": Method.APP.value}
    )
    return cast("Factor", factor)


def start_sms(*, user: User, session: SessionBase, number: str) -> Factor:
    """Note the number (E.164) that is being set up and text a code to it. Raises `ResendTooSoon`."""
    with transaction.atomic():
        factor, _made = Factor.objects.update_or_create(
            user=user, method=Method.SMS, confirmed=False, defaults={"number": number, "name": Method.SMS.value}
        )
        send_code(user=user, purpose=Purpose.ENROL, session=session, kind="factor_code", channel="sms", to=number)
    return cast("Factor", factor)


def start_email(*, user: User, session: SessionBase) -> Factor:
    """Note that codes shall come by e-mail and send one. Raises `ResendTooSoon`."""
    with transaction.atomic():
        factor, _made = Factor.objects.get_or_create(user=user, method=Method.EMAIL, confirmed=False, defaults={"name": Method.EMAIL.value})
        send_code(user=user, purpose=Purpose.ENROL, session=session, kind="factor_code", channel="email", to=user.email)
    return cast("Factor", factor)


def pending_factor(user: User, method: Method) -> Factor | None:
    """Return the method that is being set up, if it was begun."""
    return Factor.objects.filter(user=user, method=method, confirmed=False).first()


def finish_setup(*, user: User, session: SessionBase, method: Method, text: str) -> Factor:
    """Prove the method that is being set up; it replaces the present one, which worked until now (MFA-3).

    On a change (not the first set-up) the person's other sessions end and the e-mail of record is told. Raises `WrongCode`, `TooManyTries`.
    """
    _refuse_when_exhausted(user)
    factor = pending_factor(user, method)
    if factor is None:
        raise WrongCode()
    try:
        # Outside the transaction below: a wrong try must stay counted.
        _prove_pending(factor, user=user, session=session, text=text)
    except WrongCode:
        _note_failure(user)
        raise
    _put_in_place(factor, session=session)
    return factor


@transaction.atomic
def _put_in_place(factor: Factor, *, session: SessionBase) -> None:
    user: User = factor.user
    before = list(Factor.objects.select_for_update().filter(user=user, confirmed=True))
    Factor.objects.filter(pk__in=[old.pk for old in before]).delete()
    factor.confirmed = True
    factor.added_at = clock.now()
    factor.save(update_fields=["confirmed", "added_at"])
    Factor.objects.filter(user=user, confirmed=False).delete()
    record(Event.FACTOR_CHANGED if before else Event.FACTOR_ADDED, actor=user, subject=user, method=factor.method)
    if before:
        end_sessions(user, but=session)
        _tell_changed(user, Method(factor.method))


def send_factor_code(*, factor: Factor, purpose: Purpose, session: SessionBase) -> None:
    """Send the code a method needs; an app needs none. Raises `ResendTooSoon`."""
    user: User = factor.user
    if factor.method == Method.SMS:
        send_code(user=user, purpose=purpose, session=session, kind="sign_in_code", channel="sms", to=factor.number)
    elif factor.method == Method.EMAIL:
        send_code(user=user, purpose=purpose, session=session, kind="sign_in_code", channel="email", to=user.email)


def has_live_code(*, user: User, purpose: Purpose) -> bool:
    """Say whether a sent code is still waiting to be used."""
    return live_code(user=user, purpose=purpose) is not None


def prove(*, factor: Factor, purpose: Purpose, session: SessionBase, text: str) -> None:
    """Prove a confirmed method by its code, once. Raises `WrongCode` or `TooManyTries`; anything odd is a refusal, never a pass (A51)."""
    user: User = factor.user
    _refuse_when_exhausted(user)
    try:
        if factor.method == Method.APP:
            _spend_app_code(factor, text)
        else:
            check_code(user=user, purpose=purpose, session=session, text=text)
    except WrongCode:
        _note_failure(user)
        raise


def _prove_pending(factor: Factor, *, user: User, session: SessionBase, text: str) -> None:
    if factor.method == Method.APP:
        _spend_app_code(factor, text)
        return
    target = factor.number if factor.method == Method.SMS else user.email
    code = check_code(user=user, purpose=Purpose.ENROL, session=session, text=text)
    if code.target != target:
        raise WrongCode()


def _spend_app_code(factor: Factor, text: str) -> None:
    code = normal_code(text, limits.P9_TOTP_DIGITS)
    step = matching_step(factor.seed, code, step_at(clock.now().timestamp()), factor.last_step) if code else None
    if step is None or not Factor.objects.filter(pk=factor.pk, last_step__lt=step).update(last_step=step):
        raise WrongCode()
    factor.last_step = step


def _refuse_when_exhausted(user: User) -> None:
    if not allow.peek("factor-failures", str(user.pk), *_FACTOR_RULES):
        raise TooManyTries()


def _note_failure(user: User) -> None:
    allow.spend("factor-failures", str(user.pk), *_FACTOR_RULES)
    record(Event.CODE_REFUSED, subject=user)


def _tell_changed(user: User, method: Method) -> None:
    put(
        "factor_changed",
        to=user.email,
        language=user.language,
        context={"name": user.full_name, "method": method.value, "changed_at": clock.now().isoformat()},
        about=f"person:{user.pk}",
    )
