"""The form of a new passkey."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.forms import PortalForm


class PasskeyForm(PortalForm):
    """The owner's name for it; what the browser made comes beside it and is read by the flow alone."""

    name = forms.CharField(
        label=_("Name of this passkey"),
        help_text=_("So that you can tell your passkeys apart, for example by the device"),
        max_length=limits.MFA2_PASSKEY_NAME_LONGEST,
        error_messages={"required": _("Enter a name for this passkey"), "max_length": _("Use 64 characters or fewer")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
