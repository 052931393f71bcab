"""Tell whoever invited that an invite did not arrive, and why, in plain words (INV-5, ui.md 4.2)."""

from typing import Any
from uuid import UUID

from django.urls import reverse

from accounts.events import Event
from accounts.invites.messages import INVITES, about, messages_about
from accounts.models import Invitation
from permissions.roles import Role
from portal.audit.record import record
from portal.outbox.bounces import Bounce, bounce_of
from portal.outbox.models import Message, State
from portal.outbox.put import put


def tell_inviter(*, message: Message, **_kwargs: Any) -> None:
    """Answer the outbox's `undelivered` signal, in its transaction. Only the last message of an open invite counts.

    Somebody who is no longer active, or an invite from a shell, is not written to; the state stands on Manage Users all the same.
    """
    invitation = _open_invitation(message) if message.kind in INVITES else None
    if invitation is None or messages_about(invitation).filter(created_at__gt=message.created_at).exists():
        return
    bounce = Bounce.UNREACHABLE if message.state == State.DEAD else bounce_of(message.reason)
    record(Event.INVITE_BOUNCED, subject=invitation, centre=invitation.centre, why=bounce.name)
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        return
    by_staff = invitation.role == Role.EXAMS_OFFICER
    put(
        "invite_bounced",
        to=inviter.email,
        language=inviter.language,
        context={
            "name": inviter.full_name,
            "person": invitation.full_name,
            "address": message.recipient,
            "centre": str(invitation.centre),
            "why": bounce.name,
            "by_staff": by_staff,
            "path": reverse("admin:index" if by_staff else "manage-users"),
        },
        about=about(invitation),
    )


def _open_invitation(message: Message) -> Invitation | None:
    """Return the invite that a message carries, unless it is over."""
    try:
        pk = UUID(message.about.partition(":")[2])
    except ValueError:
        return None
    waiting = Invitation.objects.select_related("centre", "invited_by")
    return waiting.filter(pk=pk, accepted_at=None, withdrawn_at=None).first()
