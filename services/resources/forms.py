"""The filters above the list, and what staff give when they add a resource."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm
from services.exams.levels import QualificationKind
from services.exams.models import Component, Qualification, Subject
from services.exams.models.series import FIRST_YEAR, LAST_YEAR
from services.formats import pdf
from services.formats.errors import BadFile
from services.releases.forms import WallTimeField
from services.resources.models import ResourceKind, ResourceLanguage

_ALL = [("", _("All"))]
_FIGURES = {"class": "code", "inputmode": "numeric"}


class FilterForm(PortalForm):
    """What is looked for. Subjects and years are those that have something."""

    q = forms.CharField(
        label=_("Search by title or code"), max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    subject = forms.ChoiceField(label=_("Subject"), required=False)
    qualification = forms.ChoiceField(label=_("Qualification"), required=False, choices=[*_ALL, *QualificationKind.choices])
    year = forms.ChoiceField(label=_("Year"), required=False)
    kind = forms.ChoiceField(label=_("Type"), required=False, choices=[*_ALL, *ResourceKind.choices])
    language = forms.ChoiceField(label=_("Language"), required=False, choices=[*_ALL, ("en", _("English")), ("cy", _("Welsh"))])

    def __init__(self, *args: Any, subjects: list[Subject], years: list[int], **options: Any) -> None:
        super().__init__(*args, **options)
        chosen: dict[str, Any] = self.fields
        chosen["subject"].choices = [*_ALL, *((one.slug, one.title) for one in subjects)]
        chosen["year"].choices = [*_ALL, *((str(year), str(year)) for year in years)]

    def narrowed(self) -> dict[str, Any]:
        """Return the filters that were understood; anything else narrows nothing (A153)."""
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in ("subject", "qualification", "year", "kind", "language")}


class ResourceForm(PortalForm):
    """One PDF, what it is, and when it may be seen."""

    qualification = forms.ModelChoiceField(
        label=_("Qualification"),
        queryset=Qualification.objects.select_related("subject").order_by("code"),
        error_messages={"required": _("Choose a qualification")},
    )
    component = forms.ModelChoiceField(label=_("Component"), queryset=Component.objects.order_by("code"), required=False)
    kind = forms.ChoiceField(label=_("Type"), choices=ResourceKind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=ResourceLanguage.choices)
    year = forms.IntegerField(label=_("Year"), min_value=FIRST_YEAR, max_value=LAST_YEAR, widget=forms.TextInput(attrs=_FIGURES))
    month = forms.IntegerField(label=_("Month"), min_value=1, max_value=12, widget=forms.TextInput(attrs=_FIGURES))
    title_en = forms.CharField(label=_("English title"), max_length=150, error_messages={"required": _("Enter a title")})
    title_cy = forms.CharField(label=_("Welsh title"), max_length=150, error_messages={"required": _("Enter a title")})
    starts_at = WallTimeField(
        label=_("Start of the exam"),
        required=False,
        help_text=_("UK time. Only for a question paper that is still to be sat: entered centres get it 60 minutes before."),
    )
    general_at = WallTimeField(
        label=_("For everybody from"), required=False, help_text=_("UK time. Empty for a question paper that is not to be published.")
    )
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
