"""Form fields about access that several pages ask."""

from django import forms
from django.utils.translation import gettext_lazy as _


def last_day_field() -> forms.DateField:
    """Ask the last day of access, inclusive, in Europe/London; may stay empty (ROLE)."""
    return forms.DateField(
        label=_("Last day of access"),
        required=False,
        help_text=_("Optional. Without a date the access has no end."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a valid date")},
    )
