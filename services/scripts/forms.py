"""The search above the candidates, and what staff give when they publish a script."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.formats import pdf
from services.formats.errors import BadFile


class SearchForm(PortalForm):
    """Whom one looks for. What is typed never stands in an address (contract.md, Paths)."""

    search = forms.CharField(
        label=_("Search by name, candidate number or UCI"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )


class ScriptForm(PortalForm):
    """One script, by the numbers that name it."""

    series = forms.ModelChoiceField(
        label=_("Exam series"), queryset=Series.objects.all(), error_messages={"required": _("Choose a series")}
    )
    level = forms.ChoiceField(label=_("Level"), choices=ExamLevel.choices)
    centre = forms.RegexField(
        r"\A[0-9]{5}\Z", label=_("Centre number"), error_messages={"required": _("Enter a centre number"), "invalid": _("Enter 5 figures")}
    )
    candidate = forms.RegexField(
        r"\A[0-9]{4}\Z",
        label=_("Candidate number"),
        error_messages={"required": _("Enter a candidate number"), "invalid": _("Enter 4 figures")},
    )
    component = forms.CharField(label=_("Component code"), max_length=12, error_messages={"required": _("Enter a component code")})
    file = forms.FileField(
        label=_("PDF"),
        help_text=_("One PDF of no more than 5 MB, without programs, forms or attachments."),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty")},
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Look at the file before it is kept."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            pdf.check(given.read())
        except BadFile as refusal:
            raise ValidationError(str(refusal)) from refusal
        given.seek(0)
        return given
