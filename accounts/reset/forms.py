"""The forms of a forgotten password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.email_field import EmailIdentityField
from accounts.passwords.forms import NewPasswordForm
from portal.web.forms import PortalForm


class AskForm(PortalForm):
    """Which address shall get the code."""

    email = EmailIdentityField()


class ResetForm(NewPasswordForm):
    """E-mail, temporary code and new password on one page (guide)."""

    email = EmailIdentityField()
    code = forms.CharField(
        label=_("Enter verification code"),
        max_length=1000,
        error_messages={"required": _("Enter the code we sent to your email address")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}),
    )
    field_order = ("email", "code", "new_password")
