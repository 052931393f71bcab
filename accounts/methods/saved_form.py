"""The form under ten new recovery codes."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class SavedForm(PortalForm):
    """Whether the codes were put somewhere safe."""

    saved = forms.BooleanField(
        label=_("I have saved them"),
        error_messages={"required": _("Save your recovery codes, then tick the box")},
    )
