"""Set up a method: the deeds behind every set-up page (MFA-1, MFA-3). Proving one that is set up is in `proving`."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any, Final, cast
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.db.models import QuerySet, UUIDField

from accounts.codes.flow import live_code, send_code
from accounts.codes.rules import WrongCode
from accounts.events import Event
from accounts.factors.proving import prove, send_factor_code
from accounts.factors.totp.key import new_seed
from accounts.models import Factor, Method, Purpose, Session, User
from accounts.notices import send
from accounts.sessions import known
from accounts.sessions.ending import end_sessions
from accounts.sessions.store import SessionStore
from permissions.models import Membership
from permissions.roles import Role
from portal import clock, crypto, limits
from portal.audit.record import record
from portal.fixed_query import FixedQuery, Given, columns, instance

__all__ = [
    "allowed_methods",
    "confirmed_factors",
    "finish_setup",
    "has_live_code",
    "must_be_strong",
    "pending_factor",
    "person_and_factors",
    "prove",
    "put_in_place",
    "send_factor_code",
    "start_app",
    "start_email",
    "start_sms",
]

_ORDER: Final = list(Method.values)
_BEGUN: Final = "factor_begun"
_FACTOR: Final = columns(Factor)


def _confirmed(*more: str) -> QuerySet[Factor, Any]:
    return Factor.objects.filter(user=Given("user", UUIDField()), confirmed=True).order_by().values_list(*_FACTOR, *more)


_CONFIRMED: Final = FixedQuery(_confirmed)
_CONFIRMED_WITH_PERSON: Final = FixedQuery(lambda: _confirmed(*(f"user__{name}" for name in columns(User))))


def confirmed_factors(user: User) -> list[Factor]:
    """Return the methods a person has set up: the preferred one first, then in the guide's order."""
    return _in_order(_factor(row, user) for row in _CONFIRMED.rows(user=user.pk))


def person_and_factors(pk: UUID | str) -> tuple[User | None, list[Factor]]:
    """Return an active person and the methods they have set up, in their order, with one query for most."""
    rows = _CONFIRMED_WITH_PERSON.rows(user=pk)
    person = instance(User, rows[0][len(_FACTOR) :]) if rows else User.objects.filter(pk=pk).first()
    if person is None or not person.is_active or person.frozen_at is not None:
        return None, []
    return person, _in_order(_factor(row[: len(_FACTOR)], person) for row in rows)


def _factor(row: Sequence[Any], user: User) -> Factor:
    factor = instance(Factor, row)
    factor.user = user
    return factor


def _in_order(factors: Iterable[Factor]) -> list[Factor]:
    return sorted(factors, key=lambda factor: (not factor.is_default, _ORDER.index(factor.method), factor.pk))


def must_be_strong(user: User) -> bool:
    """Say whether e-mail alone is not enough for a person: an Exams Officer or Admin where the setting demands more (MFA-5)."""
    managers = (Role.EXAMS_OFFICER, Role.ADMIN)
    return settings.DEMAND_STRONG_MFA and Membership.objects.filter(user=user, role__in=managers).exists()


def allowed_methods(user: User) -> list[Method]:
    """Return the methods a person may set up: staff the app only (MFA-1), everybody else all."""
    if user.is_staff:
        return [Method.APP]
    return [method for method in Method if method is not Method.EMAIL or not must_be_strong(user)]


def start_app(*, user: User, session: SessionBase) -> Factor:
    """Return the authenticator app that is being set up in this browser; its key stays the same until it was proved or given up.

    Each browser gets a key of its own: somebody else who knows the password must not have read the one that its owner will prove.
    """
    factor = pending_factor(user, Method.APP, session)
    if factor is None:
        factor, _made = Factor.objects.update_or_create(
            user=user, method=Method.APP, confirmed=False, defaults={"seed": new_seed(), "name": Method.APP.value}
        )
        session[_BEGUN] = _mark(factor)
    return cast("Factor", factor)


def start_sms(*, user: User, session: SessionBase, number: str) -> Factor:
    """Note the number (E.164) that is being set up and text a code to it. Raises `ResendTooSoon`."""
    with transaction.atomic():
        factor, _made = Factor.objects.update_or_create(
            user=user, method=Method.SMS, confirmed=False, defaults={"number": number, "name": Method.SMS.value}
        )
        send_code(user=user, purpose=Purpose.ENROL, session=session, kind="factor_code", channel="sms", to=number)
        session[_BEGUN] = _mark(factor)
    return cast("Factor", factor)


def start_email(*, user: User, session: SessionBase) -> Factor:
    """Note that codes shall come by e-mail and send one. Raises `ResendTooSoon`."""
    with transaction.atomic():
        factor, _made = Factor.objects.get_or_create(user=user, method=Method.EMAIL, confirmed=False, defaults={"name": Method.EMAIL.value})
        send_code(user=user, purpose=Purpose.ENROL, session=session, kind="factor_code", channel="email", to=user.email)
        session[_BEGUN] = _mark(factor)
    return cast("Factor", factor)


def pending_factor(user: User, method: Method, session: SessionBase) -> Factor | None:
    """Return the method that is being set up, if it was begun in this browser: another one neither shows nor proves it."""
    factor = Factor.objects.filter(user=user, method=method, confirmed=False).first()
    return factor if factor is not None and session.get(_BEGUN) == _mark(factor) else None


def has_live_code(*, user: User, purpose: Purpose) -> bool:
    """Say whether a sent code is still waiting to be used."""
    return live_code(user=user, purpose=purpose) is not None


def finish_setup(*, user: User, session: SessionBase, method: Method, text: str, replaces: int | None = None) -> Factor:
    """Prove the method that is being set up and put it in place. Raises `WrongCode`, `TooManyTries`.

    `replaces` is the key of the person's method that goes, which worked until now (MFA-3); None adds one.
    """
    factor = pending_factor(user, method, session)
    if factor is None or method not in allowed_methods(user):
        raise WrongCode()
    # Outside the transaction below: a wrong try must stay counted.
    factor.user = user
    prove(factor=factor, purpose=Purpose.ENROL, session=session, text=text)
    put_in_place(factor=factor, session=session, replaces=replaces)
    return factor


@transaction.atomic
def put_in_place(*, factor: Factor, session: SessionBase, replaces: int | None = None) -> None:
    """Make a proved method count: it replaces one of the same method (but a passkey), and the one named by `replaces`.

    For somebody who had signed in before: the other sessions and known browsers go, and the owner is told. A text number that was changed
    or added proves nothing afresh for 72 hours (A155). Raises `WrongCode` when the methods were reset, or the session ended, meanwhile.
    """
    user: User = factor.user
    # The person's row is held, so that of two set-ups at the same instant one waits for the other.
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if not _still_under_way(factor, session):
        raise WrongCode()
    before = list(Factor.objects.filter(user=user, confirmed=True))
    gone = [old for old in before if old.pk == replaces or (old.method == factor.method and old.method != Method.PASSKEY)]
    Factor.objects.filter(pk__in=[old.pk for old in gone]).delete()
    now = clock.now()
    factor.confirmed, factor.added_at = True, now
    factor.is_default = len(gone) == len(before) or any(old.is_default for old in gone)
    if factor.method == Method.SMS and before:
        factor.trusted_from = now + timedelta(hours=limits.A155_NUMBER_WAIT_HOURS)
    factor.save()
    Factor.objects.filter(user=user, confirmed=False).delete()
    record(Event.FACTOR_CHANGED if gone else Event.FACTOR_ADDED, actor=user, subject=user, method=factor.method)
    if not before and user.last_login is None:
        return
    end_sessions(user, but=session)
    known.forget(user)
    send.factor_changed(user, what="changed" if gone else "added", method=Method(factor.method))
    for old in gone:
        if old.method == Method.SMS and old.number != factor.number:
            send.number_replaced(user, old_number=old.number)


def _mark(factor: Factor) -> str:
    return crypto.digest("factor-begun", str(factor.pk), factor.seed or factor.number)


def _still_under_way(factor: Factor, session: SessionBase) -> bool:
    """Say whether nobody ended this set-up in the meantime: its row and the asking session are still there."""
    row_there = factor.pk is None or Factor.objects.filter(pk=factor.pk).exists()
    stored = session.stored_key if isinstance(session, SessionStore) else None
    return row_there and (stored is None or Session.objects.filter(pk=stored).exists())
