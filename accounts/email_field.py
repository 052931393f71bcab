"""The field in which people give the address they sign in with."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.canonical import BadEmail, canonical_email


class EmailIdentityField(forms.CharField):
    """An "Email address" field whose cleaned value is the canonical spelling."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("Email address"),
            max_length=254,
            error_messages={"required": _("Enter your email address")},
            widget=forms.EmailInput(attrs={"autocomplete": "username", "spellcheck": "false", "autocapitalize": "none"}),
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        """Return the canonical spelling, or say what a good address looks like."""
        text = super().clean(value)
        try:
            return canonical_email(text)
        except BadEmail as refusal:
            raise forms.ValidationError(refusal.message) from None
