"""The form by which staff propose a release time."""

from datetime import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.clock import london
from portal.web.forms import PortalForm
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.releases.artefacts import Artefact
from services.releases.wall import HourTwice, MissingHour, instant_of


class WallTimeField(forms.Field):
    """A day and a time as the clocks in London show it; gives the instant in UTC."""

    widget = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local", "autocomplete": "off"})

    def to_python(self, value: Any) -> datetime | None:
        """Read a wall time without a zone; the two hours a year that are not exactly one instant are refused with the reason."""
        if value in self.empty_values:
            return None
        try:
            wall = datetime.fromisoformat(str(value))
        except ValueError as error:
            raise ValidationError(_("Enter a valid date and time"), code="invalid") from error
        if wall.tzinfo is not None or not 1990 <= wall.year <= 2089:  # noqa: PLR2004  (years that a series can have)
            raise ValidationError(_("Enter a valid date and time"), code="invalid")
        try:
            return instant_of(wall)
        except (MissingHour, HourTwice) as refusal:
            raise ValidationError(str(refusal), code="clocks") from refusal

    def prepare_value(self, value: Any) -> Any:
        """Show an instant as London's wall time."""
        return london(value).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value


class ProposeForm(PortalForm):
    """What is released, when, and why the time is set or moved."""

    series = forms.ModelChoiceField(
        label=_("Exam series"), queryset=Series.objects.all(), error_messages={"required": _("Choose a series")}
    )
    level = forms.ChoiceField(label=_("Level"), choices=ExamLevel.choices)
    kind = forms.ChoiceField(label=_("What is released"), choices=Artefact.choices)
    restricted_at = WallTimeField(
        label=_("Restricted release"),
        help_text=_("UK time. From then on those with access under embargo see it: 00:01 the day before results day."),
        error_messages={"required": _("Enter a date and time")},
    )
    general_at = WallTimeField(
        label=_("General release"),
        help_text=_("UK time. From then on everybody with access sees it: 08:00 on results day."),
        error_messages={"required": _("Enter a date and time")},
    )
    announced = forms.BooleanField(
        label=_("Announced as a results day"),
        help_text=_("The day is public: show it on the page of results days, whatever there is to see."),
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The colleague who decides reads it, and the audit trail keeps it."),
        max_length=limits.SVC5_RELEASE_REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason")},
    )
