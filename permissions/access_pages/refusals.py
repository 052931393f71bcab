"""What asking for access and answering can refuse."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NothingChosen(Refusal):
    """No right was ticked."""

    field = "rights"
    message = _("Select at least one service")


class NotToBeAsked(Refusal):
    """A right that this type of account can never have, that the person holds already, or that nobody at the centre can give (ROLE)."""

    field = "rights"
    message = _("You cannot ask for this access")


class AlreadyAsked(Refusal):
    """An open request for the same right waits for its answer."""

    field = "rights"
    message = _("You have already asked for this. Wait for the answer")


class TooManyRequests(Refusal):
    """More requests in a day than the Exams Officer and Admins should be written to about."""

    message = _("You have sent many requests today. You can ask again tomorrow")


class AlreadyHandled(Refusal):
    """Somebody else answered first, the asker withdrew it, or their account is gone."""

    message = _("Someone has already handled this request")


class NotYoursToAnswer(Refusal):
    """The answerer may not change this account's access (ROLE): another centre's, their own, or an Exams Officer's."""

    message = _("You cannot answer this request")


class ReasonMissing(Refusal):
    """Something was refused without saying why."""

    field = "reason"
    message = _("Enter the reason for refusing. The person will read it")


class NotAsked(Refusal):
    """More was ticked than the request asks for."""

    field = "rights"
    message = _("This was not asked for. Use Manage Access to give it")
