"""Why somebody may not open a page: each reason with its sentence."""

from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Reason(Enum):
    """A reason for a refusal; `sentence` says it to the person, and what would help."""

    NEVER = "never"
    NOT_GIVEN = "not_given"
    ENDED = "ended"
    MANAGERS_ONLY = "managers_only"
    STAFF_ONLY = "staff_only"
    NO_CENTRE = "no_centre"
    CENTRE_FROZEN = "centre_frozen"
    SUSPENDED = "suspended"
    NOT_SIGNED_IN = "not_signed_in"
    HELD = "held"

    @property
    def sentence(self) -> Promise:
        """The reason in the person's language."""
        return _SENTENCES[self]

    @property
    def can_be_lifted_by_the_centre(self) -> bool:
        """Whether the centre's Exams Officer or Admins could give what is missing."""
        return self in {Reason.NOT_GIVEN, Reason.ENDED}


_SENTENCES: dict[Reason, Promise] = {
    Reason.NEVER: _("Your type of account cannot open this service."),
    Reason.NOT_GIVEN: _("You have not been given access to this service."),
    Reason.ENDED: _("Your access to this service has ended."),
    Reason.MANAGERS_ONLY: _("Only an Exams Officer or Admin can do this"),
    Reason.STAFF_ONLY: _("Only our help desk can open this page."),
    Reason.NO_CENTRE: _("You are not a member of any centre."),
    Reason.CENTRE_FROZEN: _("Access to your centre is suspended. Please contact our help desk."),
    Reason.SUSPENDED: _("The Exams Officer of your centre has suspended your access. Please ask them."),
    Reason.HELD: _(
        "Your password was reset, and email is your only MFA method. For your security this page stays closed for 24 hours after the reset."
    ),
    Reason.NOT_SIGNED_IN: _("Sign in to open this page."),
}
