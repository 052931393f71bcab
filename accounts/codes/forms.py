"""The form that asks a code."""

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm

_ASCII_SPACES: Final = " \t\r\n"


class CodeField(forms.CharField):
    """A code, read strictly: only ASCII spaces around it are dropped here, where Django would drop those of every script (A26)."""

    def __init__(self, **kwargs: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "code"}
        super().__init__(max_length=1000, strip=False, widget=forms.TextInput(attrs=attrs), **kwargs)

    def to_python(self, value: Any) -> str:
        """Return what was typed without the spaces around it."""
        return str(super().to_python(value)).strip(_ASCII_SPACES)


class CodeForm(PortalForm):
    """A code from an app, a text or an e-mail."""

    code = CodeField(label=_("Enter the 6-digit code"), error_messages={"required": _("Enter the 6-digit code")})
