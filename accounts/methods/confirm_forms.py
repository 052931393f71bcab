"""The form that asks the present password again."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class PresentPasswordForm(PortalForm):
    """The present password of somebody who is signed in."""

    current_password = forms.CharField(
        label=_("Current password"),
        strip=False,
        max_length=1000,
        error_messages={"required": _("Enter your current password"), "max_length": _("Your password is not correct")},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def say_wrong(self) -> None:
        """Say beside the field that the password was wrong."""
        self.add_error("current_password", _("Your password is not correct"))
