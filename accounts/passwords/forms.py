"""The form that asks a new password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class NewPasswordForm(PortalForm):
    """A new password of one's own; one field, with a way to show it."""

    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        error_messages={"required": _("Enter a new password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
