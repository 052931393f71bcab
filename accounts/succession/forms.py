"""The forms of a change of Exams Officer: the asker's, the head of centre's, and those by which staff decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.invites.forms import OtherEmailField
from accounts.models import After
from accounts.profile.names import NameField
from accounts.succession.flow import Wish
from accounts.succession.refusals import BadCaseReference
from portal import limits
from portal.web.forms import PortalForm


class AskForm(PortalForm):
    """Who shall be Exams Officer, what becomes of the present one, why, and who confirms it."""

    first_name = NameField(label=_("First name"), max_length=80, error_messages={"required": _("Enter a first name")})
    last_name = NameField(label=_("Last name"), max_length=80, error_messages={"required": _("Enter a last name")})
    email = OtherEmailField(
        help_text=_(
            "If they have an account at your centre, enter the address they sign in with: they keep that account. Else we invite them."
        )
    )
    after = forms.ChoiceField(
        label=_("What happens to the present Exams Officer?"),
        choices=After.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what happens to their account"), "invalid_choice": _("Select what happens to their account")},
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The head of centre and our help desk read it."),
        max_length=limits.ROLE_REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason")},
    )
    head_name = NameField(
        label=_("Name of the head of centre"), max_length=160, error_messages={"required": _("Enter the name of the head of centre")}
    )
    head_email = OtherEmailField(help_text=_("We compare it with the address that we hold for your centre."))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["head_email"].label = _("Email address of the head of centre")
        for name in ("first_name", "last_name", "head_name"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def wish(self) -> Wish:
        """What is asked for; after `is_valid`."""
        return Wish(**{name: self.cleaned_data[name] for name in Wish.__dataclass_fields__})


class HeadForm(PortalForm):
    """The reference from the e-mail, and yes or no."""

    reference = forms.CharField(
        label=_("Reference from our email"),
        max_length=1000,
        error_messages={"required": _("Enter the reference from our email"), "max_length": BadCaseReference.message},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none", "class": "code", "data-reference": True}
        ),
    )
    answer = forms.ChoiceField(
        label=_("Do you confirm the change that our email describes?"),
        choices=[("yes", _("Yes, I am the head of centre and confirm the change")), ("no", _("No, nothing shall be changed"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select an answer"), "invalid_choice": _("Select an answer")},
    )


class RefuseForm(PortalForm):
    """Why staff refuse; who asked reads it."""

    reason = forms.CharField(
        label=_("Reason for the decision"),
        help_text=_("Those who asked read it in our email. Do not write a phone number here."),
        max_length=limits.ROLE_REASON_LONGEST,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Enter a reason")},
    )


class ApproveForm(RefuseForm):
    """What staff decide about the present Exams Officer's account, and how it was checked."""

    after = forms.ChoiceField(
        label=_("What happens to the present Exams Officer?"),
        choices=After.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Select what happens to their account"), "invalid_choice": _("Select what happens to their account")},
    )
    field_order = ("after", "reason")
