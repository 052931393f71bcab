"""With several methods: remove one, or say which is asked for first (MFA-2). The last one stays."""

from django.contrib.sessions.backends.base import SessionBase
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.factors.flow import confirmed_factors, must_be_strong
from accounts.models import Factor, Method, User
from accounts.notices import send
from accounts.sessions import known
from accounts.sessions.ending import end_sessions
from portal.audit.record import record
from portal.web.refusal import Refusal


class LastMethod(Refusal):
    """Everybody keeps at least one method (MFA-1)."""

    message = _("You cannot remove your only MFA method. Add another one first")


class StrongMethodNeeded(Refusal):
    """Where the setting demands it, Exams Officers and Admins keep a method besides e-mail (MFA-5)."""

    message = _("Your account needs an MFA method other than email. Add another one first")


class NoSuchMethod(Refusal):
    """Not a method of this person, or not any more; a stranger's looks the same (A10, A50)."""

    message = _("You no longer have this MFA method")


@transaction.atomic
def remove_factor(*, user: User, factor_pk: int, session: SessionBase) -> Factor:
    """Remove a method and return what it was; the person's other sessions and known browsers go.

    The person's row is held, as by a set-up, so that of two removed at the same moment one is refused.
    Raises `NoSuchMethod`, `LastMethod` or `StrongMethodNeeded`.
    """
    factors = _held(user)
    gone = _chosen(factors, factor_pk)
    if len(factors) == 1:
        raise LastMethod()
    if all(factor.method == Method.EMAIL for factor in factors if factor is not gone) and must_be_strong(user):
        raise StrongMethodNeeded()
    number = gone.number
    Factor.objects.filter(pk=gone.pk).delete()
    if gone.is_default:
        _prefer(user, confirmed_factors(user)[0])
    record(Event.FACTOR_REMOVED, actor=user, subject=user, method=gone.method)
    end_sessions(user, but=session)
    known.forget(user)
    send.factor_changed(user, what="removed", method=Method(gone.method))
    if number:
        send.number_replaced(user, old_number=number)
    return gone


@transaction.atomic
def prefer_factor(*, user: User, factor_pk: int) -> Factor:
    """Make a method the one that is asked for first and return it. Raises `NoSuchMethod`; for the one that is it already, nothing happens."""
    chosen = _chosen(_held(user), factor_pk)
    if not chosen.is_default:
        _prefer(user, chosen)
        record(Event.DEFAULT_FACTOR_CHANGED, actor=user, subject=user, method=chosen.method)
    return chosen


def _held(user: User) -> list[Factor]:
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    return list(Factor.objects.filter(user=user, confirmed=True))


def _chosen(factors: list[Factor], factor_pk: int) -> Factor:
    found = next((factor for factor in factors if factor.pk == factor_pk), None)
    if found is None:
        raise NoSuchMethod()
    return found


def _prefer(user: User, factor: Factor) -> None:
    """Two statements in this order: the database knows one preferred method a person at most."""
    Factor.objects.filter(user=user, is_default=True).update(is_default=False)
    Factor.objects.filter(pk=factor.pk).update(is_default=True)
