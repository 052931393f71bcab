"""The search above the candidates of a paper."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms import PortalForm


class SearchForm(PortalForm):
    """Whom one looks for. What is typed never stands in an address (contract.md, Paths)."""

    search = forms.CharField(
        label=_("Search by name, candidate number or UCI"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
