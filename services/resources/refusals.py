"""What publishing a resource and packing a selection refuse."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from portal import limits
from portal.web.refusal import Refusal


class PaperNeedsComponent(Refusal):
    """A question paper of an exam to come without its component: no entry could match it."""

    message = _("A question paper with a start needs its component.")
    field = "component"


class OtherQualification(Refusal):
    """The component is not one of the qualification's."""

    message = _("This component does not belong to this qualification.")
    field = "component"


class GeneralBeforeStart(Refusal):
    """It would be everybody's before the exam."""

    message = _("A question paper cannot be for everybody before its exam has started.")
    field = "general_at"


class NoTime(Refusal):
    """Neither a start nor an instant for everybody."""

    message = _("Enter when it is for everybody.")
    field = "general_at"


class ConfirmedAlready(Refusal):
    """The times were confirmed, or there is nothing to confirm."""

    message = _("There is nothing to confirm here any more.")


class TwoPeopleConfirm(Refusal):
    """One person cannot add a question paper and confirm its times."""

    message = _("The times of a question paper take two people. Ask a colleague to confirm them.")


class NothingChosen(Refusal):
    """No file was ticked, or none that may be seen."""

    message = _("Choose at least one file.")


class TooMuchChosen(Refusal):
    """More than one zip file takes."""

    message = ngettext_lazy(
        "Choose no more than %(most)s file, 50 MB together.", "Choose no more than %(most)s files, 50 MB together.", limits.SVC8_ZIP_FILES
    ) % {"most": limits.SVC8_ZIP_FILES}


class TooManyZips(Refusal):
    """So many zip files in an hour that a program must be asking."""

    message = _("You have made many zip files in the last hour. Try again later, or download single files.")


class SeriesNotOver(Refusal):
    """A paper or marking scheme would be everybody's while its exam may be still to come, by the word of one person."""

    message = _("The month of this exam series is not over by then. Give a question paper the start of its exam, or choose a later time.")
    field = "general_at"
