"""Deeds of the help desk on centres. Each leaves its audit event in the same transaction."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from permissions.events import Event
from permissions.models import Centre
from portal import clock
from portal.audit.record import record


@transaction.atomic
def save_centre(*, actor: AbstractBaseUser, centre: Centre, changed: list[str]) -> None:
    """Add a centre or keep its changed fields; `changed` names them for the audit."""
    event = Event.CENTRE_ADDED if centre.pk is None else Event.CENTRE_CHANGED
    centre.save()
    record(event, actor=actor, subject=centre, centre=centre, changed=changed)


@transaction.atomic
def freeze(*, actor: AbstractBaseUser, centre: Centre, reason: str = "") -> bool:
    """Suspend all access to a centre from everybody's next request (MAN-5). Returns whether anything changed."""
    if not Centre.objects.filter(pk=centre.pk, frozen_at__isnull=True).update(frozen_at=clock.now()):
        return False
    record(Event.CENTRE_FROZEN, actor=actor, subject=centre, centre=centre, reason=reason)
    return True


@transaction.atomic
def reactivate(*, actor: AbstractBaseUser, centre: Centre, reason: str = "") -> bool:
    """Give a frozen centre its access back. Returns whether anything changed."""
    if not Centre.objects.filter(pk=centre.pk, frozen_at__isnull=False).update(frozen_at=None):
        return False
    record(Event.CENTRE_REACTIVATED, actor=actor, subject=centre, centre=centre, reason=reason)
    return True
