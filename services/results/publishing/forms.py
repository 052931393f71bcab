"""What staff give: a file with its series and level, and the reason when results change."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.forms import PortalForm
from services.exams.models import SeriesLevel


class ImportForm(PortalForm):
    """A file of results."""

    where = forms.ModelChoiceField(label=_("Exam series and level"), queryset=SeriesLevel.objects.none())
    file = forms.FileField(
        label=_("File of results"),
        help_text=_("CSV by our template, EDI (R6800140.X01), or a zip file of these. No more than 5 MB, 50 MB unpacked."),
    )

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


class PublishForm(PortalForm):
    """The reason for results that change."""

    reason = forms.CharField(
        label=_("Reason for re-issued results"),
        required=False,
        max_length=200,
        help_text=_("Needed when the file changes results that were issued before."),
    )
