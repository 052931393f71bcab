"""The one-page invite form, and the small ones around an invite (INV-1)."""

from collections.abc import Mapping
from typing import Any, Final

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.email_field import EmailIdentityField
from accounts.invites.details import Details
from accounts.invites.matrix import EMBARGO, Choice, Group, groups
from accounts.models import Language
from accounts.profile.names import NameField, WordsField
from permissions.fields import last_day_field
from permissions.levels import Right
from permissions.roles import Role
from permissions.words import code
from portal.web.forms import PortalForm

ROLE_HINTS: Final[dict[str, Promise]] = {
    Role.ADMIN.value: _(
        "The same access as an Exams Officer. Can invite and delete Admins and Users and change their access, "
        "but cannot delete the Exams Officer."
    ),
    Role.USER.value: _("For teachers and heads of department. Opens only what you choose below and cannot invite anybody."),
}


class OtherEmailField(EmailIdentityField):
    """The address of another person: browsers must not offer one's own."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.error_messages["required"] = _("Enter an email address")
        self.widget.attrs["autocomplete"] = "off"


class DetailsForm(PortalForm):
    """Who is invited; of another person, so that nothing is filled in by the browser."""

    title = WordsField(label=_("Title"), max_length=30, required=False, help_text=_("optional"))
    first_name = NameField(label=_("First name"), max_length=80, error_messages={"required": _("Enter a first name")})
    last_name = NameField(label=_("Last name"), max_length=80, error_messages={"required": _("Enter a last name")})
    email = OtherEmailField()
    job_role = WordsField(label=_("Job role"), max_length=100, required=False, help_text=_("optional"))
    language = forms.ChoiceField(
        label=_("Language preference"),
        choices=Language.choices,
        initial=Language.ENGLISH,
        widget=forms.RadioSelect,
        help_text=_("For their first visit. They choose for themselves when they sign in; the invite itself is in both languages."),
        error_messages={"required": _("Select a language"), "invalid_choice": _("Select a language")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("title", "first_name", "last_name", "job_role"):
            self.fields[name].widget.attrs["autocomplete"] = "off"

    @property
    def details(self) -> Details:
        """The person as the flow wants them; after `is_valid`."""
        return Details(**{name: self.cleaned_data[name] for name in Details.__dataclass_fields__})


class InviteForm(DetailsForm):
    """Details, type of account and access permissions on one page. Each type has its own boxes, so that no script is needed."""

    role = forms.ChoiceField(
        label=_("Select type of account"),
        choices=[(Role.ADMIN.value, _("Admin account")), (Role.USER.value, _("User account"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Select an account type"), "invalid_choice": _("Select an account type")},
    )
    rights_user = forms.MultipleChoiceField(label=_("Permissions"), required=False, widget=forms.CheckboxSelectMultiple)
    rights_admin = forms.MultipleChoiceField(
        label=_("Permissions"), required=False, widget=forms.CheckboxSelectMultiple, initial=[code(EMBARGO)]
    )
    ends_on = last_day_field()

    def __init__(self, *args: Any, choices: Mapping[Role, Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.of_roles = choices
        for role, choice in choices.items():
            offer(self.fields[f"rights_{role.value}"], choice)

    def groups(self, role: Role) -> list[Group]:
        """The matrix of one type of account as it stands now."""
        return groups(self.of_roles[role], ticks(self, f"rights_{role.value}"))

    def for_user(self) -> list[Group]:
        """The matrix for a User account."""
        return self.groups(Role.USER)

    def for_admin(self) -> list[Group]:
        """The matrix for an Admin account."""
        return self.groups(Role.ADMIN)

    @property
    def chosen_role(self) -> Role:
        """The type of account; after `is_valid`."""
        return Role(self.cleaned_data["role"])

    @property
    def chosen_rights(self) -> frozenset[Right]:
        """What the account will open; after `is_valid`. Boxes of the other type count for nothing."""
        role = self.chosen_role
        return self.of_roles[role].rights(self.cleaned_data[f"rights_{role.value}"])


class CorrectForm(PortalForm):
    """The right address of an invite."""

    email = OtherEmailField()


def offer(field: forms.Field, choice: Choice) -> None:
    """Let a field take exactly the boxes of a choice."""
    if not isinstance(field, forms.MultipleChoiceField):
        raise TypeError(field)
    field.choices = [(code(right), code(right)) for right in choice.optional]


def ticks(form: forms.Form, name: str) -> list[str]:
    """Return the codes that are ticked in a form as it stands: typed, or at first."""
    value = form[name].value()
    return list(value) if isinstance(value, list | tuple | set | frozenset) else []
