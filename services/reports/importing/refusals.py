"""Why a file of a report is not published, in words."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NotChecked(Refusal):
    """Only a file without a wrong line is published, and only once."""

    message = _("This file cannot be published: it is not checked, or it was published already")


class WhyChanged(Refusal):
    """Something changes that was published before."""

    field = "reason"
    message = _("Something in this file was published before and changes now. Give the reason; it is kept with it")


class OutOfDate(Refusal):
    """What was shown is not what would happen now."""

    message = _("Something was published after this file was checked. Delete it here and upload it again")
