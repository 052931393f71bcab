"""What a membership flow can refuse, each with its sentence."""

from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class NoAdminSeat(Refusal):
    """All three Admin seats are taken, pending invites included (INV-2)."""

    field = "role"
    message = _("All 3 Admin accounts are in use")
    hint: ClassVar[Promise] = _("Delete an Admin account or withdraw an Admin’s invite first, or choose the User account.")


class ExamsOfficerExists(Refusal):
    """The centre has an Exams Officer already, or one is invited (INV-2)."""

    message = _("This centre already has an Exams Officer")
    hint: ClassVar[Promise] = _("Delete the present Exams Officer’s account or withdraw the invite first.")


class AlreadyAMember(Refusal):
    """The person has a place at this centre already."""

    message = _("This person already has an account at this centre.")


class NotYoursToChange(Refusal):
    """The actor may not change this account's access (ROLE), or it is gone by now."""

    message = _("You cannot change the access of this account.")


class BeyondCeiling(Refusal):
    """A right was asked for that this type of account can never have, or that the giver does not have (ROLE, A76)."""

    field = "rights"
    message = _("This access cannot be given to this account.")


class EndDatePassed(Refusal):
    """The end date lies before today."""

    field = "ends_on"
    message = _("The end date must be today or later.")
