"""What staff give to load basedata."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.forms import PortalForm
from services.exams.models import Series


class OptionsForm(PortalForm):
    """A file of options."""

    file = forms.FileField(label=_("File of options"), help_text=_("CSV by our template, no more than 5 MB."))


class ComponentsForm(PortalForm):
    """A file of components."""

    file = forms.FileField(
        label=_("File of components"),
        help_text=_("CSV by our template, no more than 5 MB."),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty")},
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Ask its size before it is read."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        if (given.size or 0) > limits.P21_UPLOAD_BYTES:
            raise ValidationError(_("Choose a file of no more than 5 MB. Divide a larger one by centres."))
        return given


class EntriesForm(ComponentsForm):
    """A file of candidates and entries, and the series it is about."""

    series = forms.ModelChoiceField(
        label=_("Exam series"), queryset=Series.objects.all(), error_messages={"required": _("Choose a series")}
    )
    file = forms.FileField(
        label=_("File of entries"),
        help_text=_("CSV by our template, no more than 5 MB. Divide a larger one by centres."),
        error_messages={"required": _("Choose a file"), "empty": _("The file is empty")},
    )
