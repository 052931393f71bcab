"""What the deeds on release times refuse, in words for staff."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class RestrictedAfterGeneral(Refusal):
    """The restricted release would come after the general one."""

    message = _("The restricted release cannot be later than the general release.")
    field = "restricted_at"


class NothingNew(Refusal):
    """These times are set already."""

    message = _("These times are set already.")


class AlreadyProposed(Refusal):
    """Another proposal for the same thing waits."""

    message = _("Another time has been proposed for this and waits for a decision.")


class ProposalOver(Refusal):
    """The proposal has been decided."""

    message = _("This proposal has already been decided.")


class ProposerGone(Refusal):
    """Who proposed it no longer works here, so one person would be deciding alone."""

    message = _("Whoever proposed this is no longer staff. Refuse it and propose it anew.")


class TwoPeopleSetTimes(Refusal):
    """One person cannot propose and approve."""

    message = _("A release time takes two people. Ask a colleague to decide.")
