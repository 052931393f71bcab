"""The forms of signing in."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.email_field import EmailIdentityField
from accounts.models import Language
from accounts.passwords.forms import NewPasswordForm
from portal.web.forms import PortalForm


class EmailForm(PortalForm):
    """Page 1: the e-mail address (SIGN-1)."""

    email = EmailIdentityField()


class PasswordForm(PortalForm):
    """Page 2: the password, temporary or own; nothing is trimmed here, the flow knows which one it is (SIGN-2)."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=1000,
        error_messages={"required": _("Enter your password"), "max_length": _("Enter your password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class FirstPasswordForm(NewPasswordForm):
    """Create a new password, and say in which language we shall write (SIGN-3)."""

    language = forms.ChoiceField(
        label=_("Language preference"),
        choices=Language.choices,
        error_messages={"required": _("Select a language")},
        widget=forms.RadioSelect,
    )
