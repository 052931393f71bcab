"""What staff give to load options."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class OptionsForm(PortalForm):
    """A file of options."""

    file = forms.FileField(label=_("File of options"), help_text=_("CSV by our template, no more than 5 MB."))
