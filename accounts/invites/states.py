"""Where an invite stands, in words (INV-5). Pure: an invitation, its last message, and the time go in."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from permissions.roles import Role
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
    State.ACCEPTED: InviteState.SENT,
    State.DELIVERED: InviteState.DELIVERED,
    State.BOUNCED: InviteState.BOUNCED,
    State.FAILED: InviteState.BOUNCED,
    State.DEAD: InviteState.BOUNCED,
    State.EXPIRED: InviteState.BOUNCED,
}
_FULL: Final = _("The mailbox is full.")
_BLOCKED: Final = _("The mail server blocked our email. Ask your IT support to allow our address.")
_NO_MAILBOX: Final = _("There is no such mailbox. Check the email address.")
# The first that fits counts: an enhanced status code (RFC 3463) says more than the words, and the words more than a bare reply code.
# "Recipient address rejected: User unknown" (Postfix, 5.1.1) and "Access denied" (Exchange Online, 5.4.1) mean that there is no mailbox.
_REASONS: Final[tuple[tuple[re.Pattern[str], Promise], ...]] = tuple(
    (re.compile(pattern, re.IGNORECASE), said)
    for pattern, said in (
        (r"5\.2\.2\b", _FULL),
        (r"5\.1\.([0-6]|10)\b|5\.4\.1\b", _NO_MAILBOX),
        (r"5\.7\.|5\.1\.[78]\b", _BLOCKED),
        (r"quota|mailbox (is )?full", _FULL),
        (r"(user|recipient|mailbox|address) unknown|unknown (user|recipient|mailbox)|no such|not (found|exist)", _NO_MAILBOX),
        (r"spam|block|policy|denied|reject|blacklist|quarantin|\b554\b", _BLOCKED),
        (r"unknown|invalid|\b550\b", _NO_MAILBOX),
        (r"\b552\b", _FULL),
    )
)
_REFUSED: Final = _("The mail server did not take our email. Check the email address.")
_UNREACHABLE: Final = _("We could not reach the mail server. Check the email address or resend the invite.")


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
        return _UNREACHABLE
    return next((words for pattern, words in _REASONS if pattern.search(post.reason)), _REFUSED)
