"""Change an account's type: a User becomes an Admin, or an Admin a User (ROLE, A71)."""

from collections.abc import Collection

from django.db import IntegrityError, transaction

from permissions.events import Event
from permissions.levels import Right
from permissions.membership.access import hold_places
from permissions.membership.flow import write_grants
from permissions.membership.refusals import NoAdminSeat, NotYoursToChange
from permissions.models import Grant, Membership
from permissions.policy import ceiling, default_rights, givable, may_invite, may_manage, valid_rights
from permissions.roles import ADMIN_SEATS, Role
from permissions.scope import holdings, today
from permissions.violations import violated
from permissions.words import code
from portal.audit.record import record
from portal.outbox.put import put


@transaction.atomic
def change_role(*, actor: Membership, membership: Membership, role: Role) -> bool:
    """Make somebody of the actor's centre an Admin or a User; returns whether anything changed. It holds from their next request.

    An Admin gets what Admins have by default and the actor holds; a User keeps what a User can hold. Never an Exams Officer's type, never one's
    own, never that of somebody only invited. Raises `NotYoursToChange`, `NoAdminSeat`.
    """
    held = hold_places(actor.pk, membership.pk)
    giver, target = held.get(actor.pk), held.get(membership.pk)
    if giver is None or target is None or giver.user is None or target.user is None or not giver.counts:
        raise NotYoursToChange()
    before = Role(target.role)
    may = may_manage(Role(giver.role), before, giver == target) and may_invite(Role(giver.role), role)
    if not may or giver.centre_id != target.centre_id:
        raise NotYoursToChange()
    if role is before:
        return False
    rights = holdings(target)
    if role is Role.ADMIN:
        take_seat(target)
        own = valid_rights(Role(giver.role), holdings(giver), today())
        missing = (default_rights(role) & givable(Role(giver.role), own, role)) - valid_rights(role, rights, today())
        drop_rights(target, missing)
        write_grants(target, missing, None, giver.user)
    else:
        Membership.objects.filter(pk=target.pk).update(role=role, seat=None)
        drop_rights(target, rights.keys() - ceiling(role))
    now = valid_rights(role, holdings(Membership.objects.get(pk=target.pk)), today())
    record(
        Event.ROLE_CHANGED,
        actor=giver.user,
        subject=target.user,
        centre=giver.centre,
        before=before.value,
        role=role.value,
        added=sorted(code(right) for right in now - valid_rights(before, rights, today())),
        taken=sorted(code(right) for right in valid_rights(before, rights, today()) - now),
    )
    put(
        "role_changed",
        to=target.user.email,
        language=target.user.language,
        context={"name": target.user.full_name, "centre": str(giver.centre), "by": str(giver.user), "role": role.value},
        about=f"membership:{target.pk}",
    )
    return True


def take_seat(target: Membership) -> None:
    """Sit on the first free seat by trying, as an invite does. Raises `NoAdminSeat`."""
    for seat in ADMIN_SEATS:
        try:
            with transaction.atomic():
                Membership.objects.filter(pk=target.pk).update(role=Role.ADMIN, seat=seat)
        except IntegrityError as error:
            if not violated(error, Membership, "membership_admin_seat_taken_once"):
                raise
        else:
            return
    raise NoAdminSeat()


def drop_rights(target: Membership, rights: Collection[Right]) -> None:
    """Delete the rows of some rights, ended ones too."""
    gone = [grant.pk for grant in target.grants.all() if grant.right in rights]
    Grant.objects.filter(pk__in=gone).delete()
