"""The filters above the trail."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.trail.queries import Filters
from portal.audit.kinds import AuditKind
from portal.web.forms import PortalForm

_LONGEST: Final = 100


def _day(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "autocomplete": "off"}),
        error_messages={"invalid": _("Enter a valid date")},
    )


class TrailForm(PortalForm):
    """Person, event and days, with one Apply."""

    person = forms.CharField(
        label=_("Name of a person"),
        max_length=_LONGEST,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    who = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Event"), required=False)
    first_day = _day(_("From"))
    last_day = _day(_("To"))

    def __init__(self, *args: Any, kinds: Iterable[AuditKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = sorted(((str(kind.number), str(kind.sentence)) for kind in kinds), key=lambda pair: pair[1].casefold())
        self.fields["kind"].choices = [("", _("All")), *offered]  # type: ignore[attr-defined]

    def clean_who(self) -> str:
        """Keep an id of ours; anything else asks nothing."""
        try:
            return str(UUID(self.cleaned_data["who"])) if self.cleaned_data["who"] else ""
        except ValueError:
            return ""

    def filters(self) -> Filters:
        """Return what was asked; whatever is wrong asks nothing (A108)."""
        self.is_valid()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})
