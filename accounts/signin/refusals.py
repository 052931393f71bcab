"""The refusals of signing in: they tell nothing apart that a stranger could use (A01)."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Invitation
from permissions.roles import Role
from portal.web.refusal import Refusal


class WrongPassword(Refusal):
    """Wrong password, unknown address, suspended person, paused guessing: one sentence."""

    message = _("Your email address or password is not correct")
    field = "password"


class InviteOver(Refusal):
    """The right temporary password of an invite that is over (SIGN-5)."""

    field = ""

    def __init__(self, invitation: Invitation) -> None:
        self.invitation = invitation
        self.withdrawn = invitation.withdrawn_at is not None
        self.for_exams_officer = invitation.role == Role.EXAMS_OFFICER
        super().__init__(_("This invite has been withdrawn") if self.withdrawn else _("This invite has expired"))


class SignInOver(Refusal):
    """The account is gone since the password was given. The middleware answers it, wherever a sign-in ends."""

    message = _("Your sign-in has ended. Please start again")


class InviteGone(Refusal):
    """The invite was used, withdrawn or ran out while its page was open (A58, A63)."""

    message = _("This invite can no longer be used. Sign in again, or ask for a new invite")
    field = ""
