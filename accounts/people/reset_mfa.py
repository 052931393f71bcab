"""Reset MFA: an Exams Officer or Admin helps a User of their centre who lost their phone (MFA-4)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.factors.resetting import NothingToReset, has_methods, hold_people, reset_factors
from accounts.models import User
from accounts.people.mfa_rules import WhoResets, who_resets
from permissions.models import Membership
from permissions.roles import Role
from portal.web.refusal import Refusal


class NotYoursToReset(Refusal):
    """Not a User of the actor's centre only: an Exams Officer, an Admin, staff, oneself, or gone by now."""

    message = _("Only the help desk can reset the MFA of this account")


@transaction.atomic
def reset_member(*, actor: User, membership: Membership) -> None:
    """Reset the methods of a User of the actor's centre. Decided again with all rows held: anybody's part may have changed meanwhile.

    Places are held before codes and people, as by a deletion. Raises `NotYoursToReset` or `NothingToReset`.
    """
    own = Membership.objects.filter(user=actor, centre=membership.centre_id).values_list("pk", flat=True).first()
    places = Membership.objects.select_for_update(of=("self",)).select_related("centre")
    held = {place.pk: place for place in places.filter(pk__in=[pk for pk in (own, membership.pk) if pk]).order_by("pk")}
    giver, target = held.get(own) if own else None, held.get(membership.pk)
    if giver is None or target is None or giver.user_id != actor.pk or target.user_id is None or not giver.counts:
        raise NotYoursToReset()
    person = hold_people(target.user_id).get(target.user_id)
    if person is None or giver.centre_id != target.centre_id:
        raise NotYoursToReset()
    # Read only now: while the person is held nobody can give them another place.
    roles = {Role(role) for role in Membership.objects.filter(user=person).values_list("role", flat=True)}
    who = who_resets(
        reader=Role(giver.role),
        same_person=person.pk == actor.pk,
        roles=roles,
        staff=person.is_staff,
        closed=not person.is_active or person.frozen_at is not None,
        enrolled=has_methods(person),
    )
    if who is WhoResets.NOTHING_ENROLLED:
        raise NothingToReset()
    if who is not WhoResets.HERE:
        raise NotYoursToReset()
    reset_factors(actor=actor, person=person, by="centre", centre=giver.centre)
