"""What staff give when they add a file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm
from services.files.models import FileKind
from services.formats import pdf
from services.formats.errors import BadFile


class FileForm(PortalForm):
    """One PDF."""

    kind = forms.ChoiceField(label=_("Type"), choices=FileKind.choices)
    file = forms.FileField(label=_("PDF"), help_text=_("One PDF of no more than 5 MB, without programs, forms or attachments."))

    def clean_file(self) -> UploadedFile[Any]:
        """Look at the file before it is kept."""
        given: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            pdf.check(given.read())
        except BadFile as refusal:
            raise ValidationError(str(refusal)) from refusal
        given.seek(0)
        return given
