"""Why a file is not taken or not published, in words."""

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NotCheckedYet(Refusal):
    """Only a file without a wrong line is published, and only once."""

    message = _("This file cannot be published: it is not checked, or it was published already")


class ReasonNeeded(Refusal):
    """Something changes that was issued before."""

    field = "reason"
    message = _("Something in this file was published before and changes now. Give the reason; it is kept with it")


class AnotherIsPublished(Refusal):
    """One file of a kind, series and level at a time."""

    message = _("Another file of this exam series and level is being published. Wait until it is finished")


class ChangedMeanwhile(Refusal):
    """What was shown is not what would happen now."""

    message = _("Something was published after this file was checked. We have checked it again: look at the counts before you publish it")


class NotAFile(Refusal):
    """The bytes are gone from the disk."""

    message = _("The file is no longer there. Upload it again")


class GaveUp(Refusal):
    """A worker began often enough, and never came to an end."""

    def __init__(self, count: int) -> None:
        said = _(
            "This did not succeed in %(count)s attempts, and nothing was published. Tell whoever looks after the servers, then try again"
        )
        super().__init__(said % {"count": count})


class TwiceInOneIssue(Refusal):
    """Two rows of one issue are about the same thing."""

    message = _("The file says two things about one and the same. Nothing was issued.")
