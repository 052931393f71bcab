"""The form that asks a new password."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.passwords.rules import BadPassword
from accounts.passwords.strength import strength_in_words
from portal.web.forms import PortalForm
from portal.web.refusal import Refusal


class NewPasswordForm(PortalForm):
    """A new password of one's own; one field, with a way to show it.

    `strength` is a hint in words, shown beside a refusal; a script writes there while somebody types.
    """

    strength = ""
    new_password = forms.CharField(
        label=_("New password"),
        strip=False,
        error_messages={"required": _("Enter a new password")},
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def refuse(self, refusal: Refusal) -> None:
        """Show the refusal, and with one of the password's own the hint for a better one."""
        if isinstance(refusal, BadPassword):
            self.strength = strength_in_words(self.cleaned_data.get("new_password", ""), refused=True)
        super().refuse(refusal)
