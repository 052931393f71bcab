"""The base of every form: plain text only, our own words, and a place for a flow's refusal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class PortalForm(forms.Form):
    """A form whose errors stand beside their fields and in the summary above it."""

    required_css_class = "required"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.use_required_attribute = False

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str) and "\x00" in value:
                self.add_error(name, ValidationError(_("Remove the characters that cannot be shown")))

    def refuse(self, refusal: Refusal) -> None:
        """Show a flow's refusal beside the field it belongs to."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, ValidationError(str(refusal.message)))
