"""The form that asks a code."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class CodeForm(PortalForm):
    """A code from an app, a text or an e-mail."""

    code = forms.CharField(
        label=_("Enter the 6-digit code"),
        max_length=1000,
        error_messages={"required": _("Enter the 6-digit code")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )
