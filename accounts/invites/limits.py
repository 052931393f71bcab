"""How many invites may leave (P17). What is refused counts nothing, since its transaction is undone."""

from typing import Final

from accounts.invites.refusals import ResendTooSoon, TooManyInvites
from accounts.models import Invitation, User
from permissions.models import Centre
from portal import limits
from portal.ratelimit import allow

_HOUR: Final = 3600
_DAY: Final = 86400


def spend_invite(actor: User | None, centre: Centre) -> None:
    """Count one invite of an inviter and of a centre. Raises `TooManyInvites`."""
    by_inviter = actor is None or allow.spend("invite-by", str(actor.pk), (limits.P17_INVITES_PER_INVITER_PER_HOUR, _HOUR))
    if not by_inviter or not allow.spend("invite-centre", str(centre.pk), (limits.P17_INVITES_PER_CENTRE_PER_DAY, _DAY)):
        raise TooManyInvites()


def spend_file(actor: User, centre: Centre, invites: int) -> None:
    """Count a file of invites: each against what the centre may send in a day, the file as one of its sender's. Raises `TooManyInvites`."""
    if not allow.spend("invite-by", str(actor.pk), (limits.P17_INVITES_PER_INVITER_PER_HOUR, _HOUR)):
        raise TooManyInvites()
    if not allow.spend("invite-centre", str(centre.pk), (limits.P17_INVITES_PER_CENTRE_PER_DAY, _DAY), times=invites):
        raise TooManyInvites()


def left_today(centre: Centre) -> int:
    """Return how many invites a centre may still send today. For telling in time only: what is sent is counted when it is sent."""
    return allow.left("invite-centre", str(centre.pk), (limits.P17_INVITES_PER_CENTRE_PER_DAY, _DAY))


def spend_resend(invitation: Invitation) -> None:
    """Count one re-sending of an invite. Raises `ResendTooSoon`."""
    rules = (1, limits.P17_RESEND_SECONDS), (limits.P17_RESENDS_PER_DAY, _DAY)
    if not allow.spend("invite-resend", str(invitation.pk), *rules):
        raise ResendTooSoon()


def spend_correction(invitation: Invitation) -> None:
    """Count one correction of an invite's address; it may follow the sending at once. Raises `TooManyInvites`."""
    if not allow.spend("invite-correct", str(invitation.pk), (limits.P17_RESENDS_PER_DAY, _DAY)):
        raise TooManyInvites()
