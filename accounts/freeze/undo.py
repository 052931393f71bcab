"""Which changes of address a freeze reference undoes, and which references outlive a freeze.

A notice is sent to the address that holds at that moment, so its reference puts back that very address: a thief who changes it makes no
earlier notice worthless, and by freezing from the new mailbox uses up nothing that the old one can still do.
"""

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from accounts.models import EmailChange, FreezeReference, User
from portal import clock, limits

_LIFE: Final = timedelta(days=limits.FREEZE_REFERENCE_DAYS)


def what_it_undoes(reference: FreezeReference) -> list[EmailChange]:
    """Return the changes since the notice was sent that still hold, oldest first; for the notice of a change that change and all after it."""
    since = Q(changed_at__gt=_made_at(reference))
    if reference.email_change is not None:
        since = Q(pk=reference.email_change_id) | Q(changed_at__gt=reference.email_change.changed_at)
    return list(EmailChange.objects.filter(since, user=reference.user_id, undone_at=None).order_by("changed_at", "pk"))


def use_up_references(person: User) -> None:
    """End a person's references, except those whose reader could still put an earlier address back."""
    live = FreezeReference.objects.filter(user=person, used_at=None)
    standing = EmailChange.objects.filter(user=person, undone_at=None).order_by("-changed_at")
    latest = standing.first()
    if latest is not None:
        live = live.exclude(email_change__in=standing).exclude(expires_at__lt=latest.changed_at + _LIFE)
    live.update(used_at=clock.now())


def _made_at(reference: FreezeReference) -> datetime:
    return reference.expires_at - _LIFE
