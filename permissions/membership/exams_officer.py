"""The place of the Exams Officer changes hands: halves of a case that staff decide, in its transaction (INV-2, HELP-1).

The database keeps "one Exams Officer a centre"; the one steps down before the other steps up.
"""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from permissions.events import Event
from permissions.levels import Right
from permissions.membership.flow import write_grants
from permissions.membership.refusals import ExamsOfficerExists
from permissions.membership.role import drop_rights, take_seat
from permissions.models import Membership
from permissions.policy import ceiling, default_rights, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.violations import violated
from permissions.words import code
from portal.audit.record import record
from portal.outbox.put import put


@transaction.atomic
def step_down(*, actor: AbstractBaseUser, place: Membership, role: Role) -> None:
    """Make a held Exams Officer an Admin or a User, who keeps what such an account can hold. Raises `NoAdminSeat`."""
    before = valid_rights(Role(place.role), holdings(place), today())
    if role is Role.ADMIN:
        take_seat(place)
    else:
        Membership.objects.filter(pk=place.pk).update(role=role, seat=None)
    drop_rights(place, holdings(place).keys() - ceiling(role))
    _tell(actor, place, role, before)


def leave_seat(*, place: Membership) -> None:
    """Free a held Admin's seat for whoever steps down, before they step up themselves."""
    Membership.objects.filter(pk=place.pk).update(role=Role.USER, seat=None)


@transaction.atomic
def step_up(*, actor: AbstractBaseUser, place: Membership) -> None:
    """Make a held Admin or User the Exams Officer, with an Exams Officer's default rights beside what they hold. Raises `ExamsOfficerExists`."""
    before = valid_rights(Role(place.role), holdings(place), today())
    try:
        with transaction.atomic():
            Membership.objects.filter(pk=place.pk).update(role=Role.EXAMS_OFFICER, seat=None, suspended_at=None)
    except IntegrityError as error:
        if violated(error, Membership, "membership_one_exams_officer"):
            raise ExamsOfficerExists() from error
        raise
    # A right that ends, or has ended, makes way for one without an end.
    given = default_rights(Role.EXAMS_OFFICER)
    lasting = {right for right, ends_on in holdings(place).items() if ends_on is None}
    drop_rights(place, given - lasting)
    write_grants(place, given - lasting, None, actor)
    _tell(actor, place, Role.EXAMS_OFFICER, before)


def _tell(actor: AbstractBaseUser, place: Membership, role: Role, before: frozenset[Right]) -> None:
    now = valid_rights(role, holdings(Membership.objects.get(pk=place.pk)), today())
    person = place.user
    if person is None:
        raise ValueError("nobody has this place yet")
    record(
        Event.ROLE_CHANGED,
        actor=actor,
        subject=person,
        centre=place.centre,
        before=place.role,
        role=role.value,
        added=sorted(code(right) for right in now - before),
        taken=sorted(code(right) for right in before - now),
    )
    put(
        "role_changed",
        to=person.email,
        language=person.language,
        context={"name": person.full_name, "centre": str(place.centre), "by": str(actor), "role": role.value},
        about=f"membership:{place.pk}",
    )
