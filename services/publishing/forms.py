"""What staff give: a file with its series and level, and the reason when something changes."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.forms import PortalForm
from services.exams.models import SeriesLevel


class StaffFileForm(PortalForm):
    """A file, and where it belongs. Kinds of files add what they need and say what their file is."""

    where = forms.ModelChoiceField(label=_("Exam series and level"), queryset=SeriesLevel.objects.none())
    file = forms.FileField(label=_("File"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        where = self.fields["where"]
        where.queryset = SeriesLevel.objects.select_related("series").order_by("-series__year", "-series__month", "level")  # type: ignore[attr-defined]
        where.label_from_instance = lambda one: f"{one.series} {one.get_level_display()}"  # type: ignore[attr-defined]

    def clean_file(self) -> UploadedFile[Any]:
        """Refuse what is larger than any upload (P21)."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        if (given.size or 0) > limits.P21_UPLOAD_BYTES:
            raise ValidationError(_("The file must be smaller than 5 MB. Put it into a zip file"))
        return given


class ReasonForm(PortalForm):
    """The reason for what changes."""

    reason = forms.CharField(
        label=_("Reason for the change"),
        required=False,
        max_length=200,
        help_text=_("Needed when the file changes something that was published before."),
    )
