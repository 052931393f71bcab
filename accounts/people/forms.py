"""The filters above the list, and the form of Manage Access."""

from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.invites.forms import offer, ticks
from accounts.invites.matrix import Choice, Group, groups
from accounts.people.filters import ACCESS, METHODS, SORTS, STATUSES, Filters
from permissions.fields import last_day_field
from permissions.levels import Right
from permissions.roles import Role
from portal.web.forms import PortalForm

_ALL: Final[tuple[str, Promise]] = ("", _("All"))
_DIRECTIONS: Final = [(f"{way}{sort}", sort) for sort in SORTS for way in ("", "-")]


class FilterForm(PortalForm):
    """Search and filters with one Apply. What is typed in the search box never stands in an address (contract.md, Paths)."""

    search = forms.CharField(
        label=_("Search by name or email address"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=_("Account type"), choices=[_ALL, *Role.choices], required=False)
    status = forms.ChoiceField(label=_("Status"), choices=[_ALL, *STATUSES.items()], required=False)
    access = forms.ChoiceField(label=_("Access"), choices=[_ALL, *ACCESS.items()], required=False)
    mfa = forms.ChoiceField(label=_("MFA"), choices=[_ALL, *METHODS.items()], required=False)
    sort = forms.ChoiceField(choices=_DIRECTIONS, required=False, widget=forms.HiddenInput)

    def filters(self) -> Filters:
        """Return what was asked; whatever is not on the allow-list asks nothing."""
        self.is_valid()
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        return Filters(**asked)


class AccessForm(PortalForm):
    """What somebody may open, and until when."""

    rights = forms.MultipleChoiceField(
        label=_("Permissions"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("This access cannot be given to this account.")},
    )
    ends_on = last_day_field()

    def __init__(self, *args: Any, choice: Choice, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choice = choice
        offer(self.fields["rights"], choice)

    def groups(self) -> list[Group]:
        """The matrix as it stands now."""
        return groups(self.choice, ticks(self, "rights"))

    @property
    def chosen_rights(self) -> frozenset[Right]:
        """What the account may open; after `is_valid`."""
        return self.choice.rights(self.cleaned_data["rights"])
