"""What staff give with a file of a report."""

from django import forms
from django.utils.translation import gettext_lazy as _

from services.publishing.forms import StaffFileForm
from services.reports.models import Report


class ReportFileForm(StaffFileForm):
    """A file of a report, with its kind."""

    kind = forms.ChoiceField(label=_("Type"), choices=Report.choices)
    file = forms.FileField(
        label=_("File"), help_text=_("CSV by the template of its type, or a zip file of these. No more than 5 MB, 50 MB unpacked.")
    )

    field_order = ("where", "kind", "file")
