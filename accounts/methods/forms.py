"""The forms of choosing and setting up a method."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.codes.forms import CodeField
from accounts.factors.rules import BadNumber, uk_mobile
from accounts.models import Method
from portal.web.forms import PortalForm


class ChooseForm(PortalForm):
    """Which method: the guide's order."""

    method = forms.ChoiceField(
        label=_("Choose how to get a code"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Select how you want to get a code")},
    )

    def __init__(self, *args: Any, methods: Sequence[Method], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast("forms.ChoiceField", self.fields["method"]).choices = [(method.value, method.label) for method in methods]


class SetupCodeForm(PortalForm):
    """The code that proves a method; empty is allowed here because the same page also asks for one to be sent."""

    code = CodeField(label=_("Enter the 6-digit code"), required=False)


class SmsForm(SetupCodeForm):
    """Phone number and code."""

    number = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        error_messages={"required": _("Enter a mobile phone number, like 07700 900000")},
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )
    field_order = ("number", "code")

    def clean_number(self) -> str:
        """Return the number in E.164."""
        try:
            return uk_mobile(self.cleaned_data["number"])
        except BadNumber as refusal:
            raise forms.ValidationError(refusal.message) from None


class EmailMethodForm(SetupCodeForm):
    """The tick box and the code (guide: click the check box and verify the setup)."""

    agreed = forms.BooleanField(
        label=_("Send my codes to my email address"),
        error_messages={"required": _("Tick the box to get your codes by email")},
    )
    field_order = ("agreed", "code")
