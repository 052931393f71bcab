"""Why a file of results is not taken or not published, in words."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NotCheckedYet(Refusal):
    """Only a file without a wrong line is published, and only once."""

    message = _("This file cannot be published: it is not checked, or it was published already")


class ReasonNeeded(Refusal):
    """Results change that were issued before."""

    field = "reason"
    message = _("Some results of this file were issued before and change now. Give the reason; it is kept with them")


class AnotherIsPublished(Refusal):
    """One file of a series and level at a time."""

    message = _("Another file of this exam series and level is being published. Wait until it is finished")


class ChangedMeanwhile(Refusal):
    """What was shown is not what would happen now."""

    message = _("Results were issued after this file was checked. We have checked it again: look at the counts before you publish it")
