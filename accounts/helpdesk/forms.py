"""The forms of the help desk: an Exams Officer's details, a reason, the groups of a member of staff, what to look for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk.groups import StaffGroup
from accounts.invites.forms import DetailsForm
from portal import limits
from portal.web.forms import PortalForm


class InviteExamsOfficerForm(DetailsForm):
    """Who is invited; the flow decides whether."""


class WhyForm(PortalForm):
    """Why a deed is done; the audit trail keeps it."""

    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The audit trail keeps it. Do not write a phone number here."),
        max_length=limits.ROLE_REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason")},
    )


class GroupsForm(WhyForm):
    """Which groups a member of staff is in."""

    groups = forms.MultipleChoiceField(
        label=_("Staff groups"), choices=StaffGroup.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("groups", "reason")


class FindForm(PortalForm):
    """What the help desk looks for."""

    search = forms.CharField(
        label=_("Name, email address or centre number"),
        max_length=limits.HELP1_SEARCH_LONGEST,
        error_messages={"required": _("Enter a name, an email address or a centre number")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "type": "search"}),
    )
