"""The base of every form: our own words, no checks by the browser, and a place for a flow's refusal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.web.refusal import Refusal


class PortalForm(forms.Form):
    """A form whose errors stand beside their fields and in the summary above the heading.

    The server decides alone (ui.md 2.3, 37): pages write `<form novalidate>`, and no `required` attribute is sent.
    Django's own fields strip spaces and refuse NUL; their words are translated by `portal.django_strings`.
    """

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def refuse(self, refusal: Refusal) -> None:
        """Show a flow's refusal beside the field it belongs to, or above them all."""
        field = refusal.field if refusal.field in self.fields else None
        self.add_error(field, ValidationError(str(refusal)))
