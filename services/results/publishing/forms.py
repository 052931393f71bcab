"""What staff give with a file of results."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.publishing.forms import StaffFileForm


class ImportForm(StaffFileForm):
    """A file of results."""

    file = forms.FileField(
        label=_("File of results"),
        help_text=_("CSV by our template, EDI (R6800140.X01), or a zip file of these. No more than 5 MB, 50 MB unpacked."),
    )
