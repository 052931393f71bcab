"""Reset somebody's MFA methods after a lost phone: all of them go, and the next sign-in asks to set one up (MFA-4).

Who may ask for it is decided above: the centre for its Users, two members of staff for everybody else.
"""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.factors import guesses
from accounts.models import Code, Factor, RecoveryCode, User
from accounts.notices import send
from accounts.sessions import known
from accounts.sessions.ending import end_sessions
from permissions.models import Centre
from portal.audit.record import record
from portal.web.refusal import Refusal


class NothingToReset(Refusal):
    """No method is set up, so the next sign-in asks for one anyway."""

    message = _("There is no MFA method to reset: the next sign-in asks to set one up")


def hold_people(person: UUID, *others: UUID) -> dict[UUID, User]:
    """Hold the rows of the person concerned and of others until the transaction ends; those that are gone are missing.

    Codes are taken before their person, as everywhere, and people in one order, or two deeds would wait for each other. While a person is
    held nobody can give them a place at a centre.
    """
    Code.objects.filter(user=person).delete()
    people = User.objects.select_for_update().filter(pk__in={person, *others}).order_by("pk")
    return {found.pk: found for found in people}


def has_methods(person: User) -> bool:
    """Say whether somebody has a method set up."""
    return Factor.objects.filter(user=person, confirmed=True).exists()


@transaction.atomic
def reset_factors(*, actor: User, person: User, by: str, centre: Centre | None = None, **detail: str) -> None:
    """Delete all methods, recovery codes, known browsers and live codes of a person and end their sessions; they are told.

    `by` is "centre" or "help_desk". Codes that were barred after too many wrong ones are allowed again (P13). Raises `NothingToReset`.
    """
    held = hold_people(person.pk).get(person.pk)
    if held is None or not has_methods(held):
        raise NothingToReset()
    numbers = set(Factor.objects.filter(user=held, confirmed=True).exclude(number="").values_list("number", flat=True))
    Factor.objects.filter(user=held).delete()
    RecoveryCode.objects.filter(user=held).delete()
    Code.objects.filter(user=held).delete()
    known.forget(held)
    end_sessions(held)
    guesses.unlock(held)
    record(Event.FACTORS_RESET, actor=actor, subject=held, centre=centre, by=by, **detail)
    send.factor_changed(held, what="reset", method="", by=by)
    for number in numbers:
        # The owner of a phone that is not lost learns of it there too (A53).
        send.number_replaced(held, old_number=number)
