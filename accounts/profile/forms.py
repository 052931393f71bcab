"""The form of one's own profile: exactly the fields a person may change (PRO-1, A83)."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from accounts.profile.names import NameField, WordsField
from accounts.profile.phones import BadPhone, phone_number
from portal.web.forms import PortalForm


class ProfileForm(PortalForm):
    """Title, names, job role, language, phone number."""

    title = WordsField(
        label=_("Title"), max_length=30, required=False, help_text=_("optional"),
        widget=forms.TextInput(attrs={"autocomplete": "honorific-prefix"}),
    )  # fmt: skip
    first_name = NameField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter a first name")},
        widget=forms.TextInput(attrs={"autocomplete": "given-name"}),
    )  # fmt: skip
    last_name = NameField(
        label=_("Last name"), max_length=80, error_messages={"required": _("Enter a last name")},
        widget=forms.TextInput(attrs={"autocomplete": "family-name"}),
    )  # fmt: skip
    job_role = WordsField(
        label=_("Job role"), max_length=100, required=False, help_text=_("optional"),
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language preference"), choices=Language.choices, widget=forms.RadioSelect,
        help_text=_("For pages, emails and text messages, from now on."),
        error_messages={"required": _("Select a language"), "invalid_choice": _("Select a language")},
    )  # fmt: skip
    phone = forms.CharField(
        label=_("Phone number"), max_length=30, required=False, help_text=_("optional"),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip

    def clean_phone(self) -> str:
        """Return the number as it is written internationally."""
        text: str = self.cleaned_data["phone"]
        try:
            return phone_number(text) if text else ""
        except BadPhone as refusal:
            raise ValidationError(str(refusal.message)) from None
