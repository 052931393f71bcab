"""The filters above a table of boundaries. They name no person, so they stand in the address and can be kept as a link."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.web.forms import PortalForm
from services.exams.levels import QualificationKind
from services.reports.models import Tier


class FilterForm(PortalForm):
    """Words, a kind of qualification, a tier."""

    words = forms.CharField(
        label=_("Search by subject, unit or code"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(
        label=_("Qualification"), required=False, choices=[("", pgettext_lazy("qualifications", "All")), *QualificationKind.choices]
    )
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[("", pgettext_lazy("tiers", "All")), *Tier.choices])
