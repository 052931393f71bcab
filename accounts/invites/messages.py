"""The messages about an invite (ui.md 4.2): who, centre, type of account, end, and the temporary password on its own line."""

from typing import Any, Final

from django.db.models import QuerySet

from accounts.models import Invitation, User
from portal.outbox.models import UNSENT, Message, State
from portal.outbox.put import put

INVITES: Final = ("invite", "invite_again", "invite_existing")
"""The kinds whose delivery is the invite's state."""


def about(invitation: Invitation) -> str:
    """Return the reference that an invite's messages carry in the outbox."""
    return f"invitation:{invitation.pk}"


def send_invite(*, invitation: Invitation, secret: str, again: bool) -> None:
    """Send the temporary password, in both languages: nobody has chosen one yet."""
    put(
        "invite_again" if again else "invite",
        to=invitation.email,
        language=invitation.centre.bilingual,
        context=_context(invitation),
        secret=secret,
        expires_at=invitation.expires_at,
        about=about(invitation),
    )


def send_invite_to_existing(*, invitation: Invitation, person: User) -> None:
    """Tell somebody who has an account that a further centre invites them; they use the password they have (INV-7)."""
    put(
        "invite_existing",
        to=person.email,
        language=person.language,
        context=_context(invitation),
        expires_at=invitation.expires_at,
        about=about(invitation),
    )


def send_withdrawn(*, invitation: Invitation, email: str) -> None:
    """Tell an address that its invite no longer works; no reason, no name, since it may have been a stranger's."""
    put(
        "invite_withdrawn",
        to=email,
        language=invitation.centre.bilingual,
        context={"centre": str(invitation.centre)},
        about=about(invitation),
    )


def send_locked(*, invitation: Invitation) -> None:
    """Tell whoever invited that the temporary password was tried wrongly ten times and works no more (P6, A16)."""
    inviter = invitation.invited_by
    if inviter is None or not inviter.is_active:
        return
    put(
        "invite_locked",
        to=inviter.email,
        language=inviter.language,
        context={"name": inviter.full_name, "person": invitation.full_name, "centre": str(invitation.centre)},
        about=about(invitation),
    )


def send_reminder(*, invitation: Invitation, person: User | None) -> None:
    """Remind of the invite's end, without the temporary password. `person` is whoever has an account with this address already."""
    put(
        "invite_reminder",
        to=invitation.email,
        language=person.language if person else invitation.centre.bilingual,
        context={**_context(invitation), "existing": person is not None},
        expires_at=invitation.expires_at,
        about=about(invitation),
    )


def messages_about(invitation: Invitation) -> QuerySet[Message]:
    """Return the outbox rows of an invite that carry it."""
    return Message.objects.filter(about=about(invitation), kind__in=INVITES)


def call_back(invitation: Invitation) -> bool:
    """Stop what has not left yet, so that no dead temporary password arrives later.

    Returns whether the last message never left or came back.
    """
    waiting = messages_about(invitation).filter(state__in=UNSENT)
    waiting.update(state=State.EXPIRED, secret="", reason="called back")
    last = messages_about(invitation).order_by("-created_at").values_list("state", flat=True).first()
    return last in {State.EXPIRED, State.BOUNCED, State.FAILED, State.DEAD}


def _context(invitation: Invitation) -> dict[str, Any]:
    return {
        "name": invitation.full_name,
        "inviter": str(invitation.invited_by) if invitation.invited_by else "",
        "centre": str(invitation.centre),
        "role": invitation.role,
        "expires_at": invitation.expires_at.isoformat(),
    }
