"""The form that takes a file of invites."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.invites.bulk.reading import BadFile, Sheet, sheet_of
from portal.web.forms import PortalForm


class FileForm(PortalForm):
    """One CSV file; its cleaned value is the sheet that was read from it."""

    file = forms.FileField(
        label=_("CSV file"),
        help_text=_("Up to 500 people and 5 MB. You can drag the file here."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty"), "missing": _("Choose a file")},
    )

    def clean_file(self) -> Sheet:
        """Read the file."""
        try:
            return sheet_of(self.cleaned_data["file"].read())
        except BadFile as refusal:
            raise ValidationError(str(refusal)) from None
