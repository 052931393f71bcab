"""What a restored database had still to send: nobody knows what of it has left since the backup, so staff look first (F32)."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet

from portal import clock
from portal.audit.record import record
from portal.outbox.events import Event
from portal.outbox.models import WAITING, Message, Queue, State

RIGHT: Final = "outbox.change_message"


def hold_all() -> int:
    """Hold back whatever waits or was in hand; codes end at once, since none of them is live any more. Returns how many are held."""
    waiting = Message.objects.filter(state__in=WAITING)
    waiting.filter(queue=Queue.CODES).update(state=State.EXPIRED, secret="", reason="restored")
    return waiting.update(state=State.HELD, reason="")


@transaction.atomic
def release(*, actor: Any, messages: Iterable[UUID]) -> int:
    """Send held messages after all, as new ones: the sweep finds them. Returns how many. Raises `PermissionDenied`."""
    held = _held(actor, messages)
    now = clock.now()
    changed = held.update(state=State.QUEUED, created_at=now, next_try_at=now, tries=0, falls=0)  # its tries count from now (P23)
    if changed:
        record(Event.MESSAGES_RELEASED, actor=actor, messages=changed)
    return changed


@transaction.atomic
def drop(*, actor: Any, messages: Iterable[UUID]) -> int:
    """Take held messages for sent, as they were before the restore, and wipe what they hold secret. Returns how many.

    Raises `PermissionDenied`.
    """
    held = _held(actor, messages)
    changed = held.update(state=State.ACCEPTED, secret="", reason="left before the restore")
    if changed:
        record(Event.MESSAGES_DROPPED, actor=actor, messages=changed)
    return changed


def _held(actor: Any, messages: Iterable[UUID]) -> QuerySet[Message]:
    """Return the held ones among these, for staff with the right only: asked anew, since an admin's list is not the only way here."""
    fresh = get_user_model()._default_manager.get(pk=actor.pk)  # noqa: SLF001  Django's documented door
    if not (fresh.is_active and fresh.is_staff and fresh.has_perm(RIGHT)):
        raise PermissionDenied
    return Message.objects.filter(pk__in=list(messages), state=State.HELD)
