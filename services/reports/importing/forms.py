"""What staff give: a file with its kind, series and level, and the reason when something changes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.forms import PortalForm
from services.exams.models import SeriesLevel
from services.reports.models import Report


class ReportFileForm(PortalForm):
    """A file of a report."""

    where = forms.ModelChoiceField(label=_("Exam series and level"), queryset=SeriesLevel.objects.none())
    kind = forms.ChoiceField(label=_("Type"), choices=Report.choices)
    file = forms.FileField(label=_("File"), help_text=_("CSV by the template of its type. No more than 5 MB."))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["where"]
        where.queryset = SeriesLevel.objects.select_related("series").order_by("-series__year", "-series__month", "level")  # type: ignore[attr-defined]
        where.label_from_instance = lambda one: f"{one.series} {one.get_level_display()}"  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is larger than any upload (P21)."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        if (given.size or 0) > limits.P21_UPLOAD_BYTES:
            raise ValidationError(_("The file must be smaller than 5 MB. Divide it by centres"))
        return given


class ReasonForm(PortalForm):
    """The reason for what changes."""

    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=200,
        help_text=_("Needed when the file changes something that was published before."),
    )
