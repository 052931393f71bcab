"""Where an invite stands, in words (INV-5). Pure: an invitation, its last message, and the time go in."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from permissions.roles import Role
from portal.outbox.bounces import Bounce, bounce_of
from portal.outbox.models import State


class InviteState(Enum):
    """The states of an invite: (label, tone of its tag)."""

    QUEUED = _("Queued"), "neutral"
    SENT = _("Sent"), "info"
    DELIVERED = _("Delivered"), "info"
    BOUNCED = _("Bounced: the email could not be delivered"), "danger"
    LOCKED = _("Locked"), "danger"
    STOPPED = _("Stopped"), "warning"
    ACCEPTED = _("Accepted"), "success"
    EXPIRED = _("Expired"), "warning"
    WITHDRAWN = _("Withdrawn"), "neutral"

    def __init__(self, label: Promise, tone: str) -> None:
        self.label = label
        self.tone = tone


@dataclass(frozen=True, slots=True)
class Post:
    """What the outbox says of an invite's last message."""

    state: str
    reason: str = ""


_BY_POST: Final = {
    State.QUEUED: InviteState.QUEUED,
    State.CLAIMED: InviteState.QUEUED,
    State.HELD: InviteState.QUEUED,
    State.ACCEPTED: InviteState.SENT,
    State.DELIVERED: InviteState.DELIVERED,
    State.BOUNCED: InviteState.BOUNCED,
    State.FAILED: InviteState.BOUNCED,
    State.DEAD: InviteState.BOUNCED,
    State.EXPIRED: InviteState.BOUNCED,
}


def state_of(invitation: Invitation, post: Post | None, now: datetime) -> InviteState:
    """Say where an invite stands at `now`; `post` is its last message, or None when there is none any more."""
    if invitation.accepted_at is not None:
        return InviteState.ACCEPTED
    if invitation.withdrawn_at is not None:
        return InviteState.WITHDRAWN
    if invitation.expired(now):
        return InviteState.EXPIRED
    if invitation.tries_left == 0:
        return InviteState.LOCKED
    if invitation.invited_by_id is None and invitation.role != Role.EXAMS_OFFICER:
        return InviteState.STOPPED
    return _BY_POST[State(post.state)] if post else InviteState.SENT


def explanation(state: InviteState, post: Post | None) -> Promise | str:
    """Say in plain words what went wrong with an invite and what would help, or "". Never the provider's own words."""
    if state is InviteState.LOCKED:
        return _("The temporary password was entered wrongly too many times. Resend the invite.")
    if state is InviteState.STOPPED:
        return _("The sender no longer has an account at this centre, so the invite cannot be accepted. Resend it.")
    if state is InviteState.EXPIRED:
        return _("Resend the invite to give 2 more months.")
    if state is not InviteState.BOUNCED or post is None:
        return ""
    if post.state in {State.DEAD, State.EXPIRED}:
        return Bounce.UNREACHABLE.sentence
    return bounce_of(post.reason).sentence
