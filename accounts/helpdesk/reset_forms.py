"""The form by which the help desk asks for an MFA reset."""

from typing import Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm

_LONGEST: Final = 500


class AskResetForm(PortalForm):
    """Why the methods of a person shall be reset; the colleague who decides reads it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Who asked, how you called back, and why they cannot get codes. Do not write a phone number here."),
        max_length=_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason")},
    )
