"""What was sent for an invite, in order: when, which message, what became of it and why (INV-5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.invites.messages import about
from accounts.invites.states import InviteState, Post, explanation
from accounts.models import Invitation
from portal.outbox.models import Message, State

_KINDS: Final[dict[str, Promise]] = {
    "invite": _("Invite"),
    "invite_existing": _("Invite"),
    "invite_again": _("Invite sent again"),
    "invite_reminder": _("Reminder"),
    "invite_withdrawn": _("Note that an invite no longer works"),
}
_CAME_BACK: Final = {State.BOUNCED, State.FAILED, State.DEAD}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message about an invite."""

    at: datetime
    what: Promise
    to: str
    state: Promise | str
    why: Promise | str


def history_of(invitation: Invitation) -> list[Sent]:
    """Return the messages to the invited person, oldest first. One query; nothing that they say is read.

    To somebody with an account elsewhere the same messages go under the same names (INV-7).
    """
    rows = Message.objects.filter(about=about(invitation), kind__in=_KINDS).order_by("created_at")
    fields = rows.values_list("created_at", "kind", "recipient", "state", "reason")
    return [Sent(at, _KINDS[kind], to, State(state).label, _why(state, reason)) for at, kind, to, state, reason in fields]


def _why(state: str, reason: str) -> Promise | str:
    return explanation(InviteState.BOUNCED, Post(state, reason)) if state in _CAME_BACK else ""
