"""The words of Django that a person can meet, named so that our Welsh covers them.

Django's own Welsh is incomplete and partly wrong (ui.md 1.3).

Nothing here runs. `makemessages` reads the calls, and `locale/cy` of this project wins over Django's. The admin is not listed:
staff screens are internal operation, and keep what Django has (docs/decisions.md).
"""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def _fields() -> None:
    _("This field is required.")
    _("Enter a valid value.")
    _("Enter a whole number.")
    _("Enter a number.")
    _("Enter a valid date.")
    _("Enter a valid time.")
    _("Enter a valid date/time.")
    _("Enter a valid email address.")
    _("Enter a valid URL.")
    _("Enter a valid UUID.")
    _("Enter a list of values.")
    _("Enter a complete value.")
    _("Select a valid choice. That choice is not one of the available choices.")
    _("Select a valid choice. %(value)s is not one of the available choices.")
    _("“%(pk)s” is not a valid value.")
    _("No file was submitted.")
    _("No file was submitted. Check the encoding type on the form.")
    _("The submitted file is empty.")
    _("Null characters are not allowed.")
    _("File extension “%(extension)s” is not allowed. Allowed extensions are: %(allowed_extensions)s.")
    ngettext(
        "Ensure this filename has at most %(max)d character (it has %(length)d).",
        "Ensure this filename has at most %(max)d characters (it has %(length)d).",
        0,
    )


def _limits() -> None:
    _("Ensure this value is %(limit_value)s (it is %(show_value)s).")
    _("Ensure this value is less than or equal to %(limit_value)s.")
    _("Ensure this value is greater than or equal to %(limit_value)s.")
    ngettext(
        "Ensure this value has at least %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at least %(limit_value)d characters (it has %(show_value)d).",
        0,
    )
    ngettext(
        "Ensure this value has at most %(limit_value)d character (it has %(show_value)d).",
        "Ensure this value has at most %(limit_value)d characters (it has %(show_value)d).",
        0,
    )
    ngettext(
        "Ensure that there are no more than %(max)s digit in total.",
        "Ensure that there are no more than %(max)s digits in total.",
        0,
    )
    ngettext(
        "Ensure that there are no more than %(max)s decimal place.",
        "Ensure that there are no more than %(max)s decimal places.",
        0,
    )


def _models() -> None:
    _("This field cannot be null.")
    _("This field cannot be blank.")
    _("%(model_name)s with this %(field_label)s already exists.")
    _("Value %(value)r is not a valid choice.")
    _("Constraint “%(name)s” is violated.")


def _pages() -> None:
    _("That page number is not an integer")
    _("That page number is less than 1")
    _("That page contains no results")


def _months() -> None:
    _("January")
    _("February")
    _("March")
    _("April")
    _("May")
    _("June")
    _("July")
    _("August")
    _("September")
    _("October")
    _("November")
    _("December")


def _days() -> None:
    _("Monday")
    _("Tuesday")
    _("Wednesday")
    _("Thursday")
    _("Friday")
    _("Saturday")
    _("Sunday")
