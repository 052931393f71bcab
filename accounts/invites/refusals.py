"""What the invite flows can refuse, each with its sentence."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from portal.web.refusal import Refusal


class NotYoursToInvite(Refusal):
    """The actor may not invite to this centre, or not this type of account, or may not handle this invite (INV-2)."""

    message = _("You cannot send or change this invite")


class AlreadyAtCentre(Refusal):
    """The address belongs to somebody who has an account at this centre."""

    field = "email"
    message = _("A user with this email address already exists")


class InviteWaiting(Refusal):
    """An invite of this centre to this address is open: it can be sent again instead."""

    field = "email"
    message = _("There is already an invite for this email address. You can resend it")

    def __init__(self, invitation: Invitation | None) -> None:
        self.invitation = invitation
        super().__init__()


class TooManyInvites(Refusal):
    """The inviter or the centre sent too many invites (P17)."""

    message = _("Too many invites were sent in a short time. Try again later")


class ResendTooSoon(Refusal):
    """The invite was sent again a moment ago, or too often today (P17)."""

    message = _("You can resend an invite once in 5 minutes and 5 times a day. Try again later")


class InviteOver(Refusal):
    """The invite was accepted or withdrawn meanwhile."""

    message = _("This invite has already been accepted or withdrawn")


class SameAddress(Refusal):
    """The corrected address is the old one."""

    field = "email"
    message = _("Enter a different email address, or resend the invite")


class Busy(Refusal):
    """Somebody else of the centre sends invites at this moment, and it takes longer than one should wait (P24)."""

    message = _("Somebody else is sending invites for your centre just now. Try again in a minute")
