"""The form by which the help desk invites an Exams Officer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Language
from portal.web.forms import PortalForm


class InviteExamsOfficerForm(PortalForm):
    """Who is invited; the flow decides whether."""

    title = forms.CharField(label=_("Title"), max_length=30, required=False)
    first_name = forms.CharField(
        label=_("First name"), max_length=80, error_messages={"required": _("Enter a first name")}
    )
    last_name = forms.CharField(label=_("Last name"), max_length=80, error_messages={"required": _("Enter a last name")})
    email = forms.CharField(
        label=_("Email address"),
        max_length=254,
        error_messages={"required": _("Enter an email address")},
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    job_role = forms.CharField(label=_("Job role"), max_length=100, required=False)
    language = forms.ChoiceField(
        label=_("Language preference"), choices=Language.choices, initial=Language.ENGLISH, widget=forms.RadioSelect
    )
