"""The form of freezing: one reference, or nothing but the button."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.freeze.rules import BadReference
from portal.web.forms import PortalForm


class FreezeForm(PortalForm):
    """The reference from a notice."""

    reference = forms.CharField(
        label=_("Reference from our email"),
        max_length=1000,
        error_messages={"required": _("Enter the reference from our email"), "max_length": BadReference.message},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "class": "code", "data-reference": True}
        ),
    )
