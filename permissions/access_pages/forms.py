"""Request access, and answer."""

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from permissions.fields import last_day_field
from permissions.levels import Right
from permissions.words import NOTES, code, from_code, in_table_order, label
from portal import limits
from portal.web.forms import PortalForm

_LINES: Final = 4


class RightsForm(PortalForm):
    """A form with boxes for rights."""

    rights = forms.MultipleChoiceField(
        label=_("Which access do you need?"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": _("You cannot ask for this access")},
    )

    def __init__(self, *args: Any, offered: Iterable[Right], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offers = in_table_order(frozenset(offered))
        self.hints = {code(right): str(NOTES[right]) for right in offers}
        self.fields["rights"].choices = [(code(right), label(right)) for right in offers]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> frozenset[Right]:
        """The rights that were ticked; after `is_valid`."""
        return frozenset(from_code(text) for text in self.cleaned_data["rights"])


class AskForm(RightsForm):
    """What somebody asks for, and why."""

    purpose = forms.CharField(
        label=_("What do you need it for?"),
        max_length=limits.ROLE_PURPOSE_LONGEST,
        help_text=_("Your Exams Officer and Admins read this. Do not name candidates."),
        widget=forms.Textarea(attrs={"rows": _LINES}),
        error_messages={"required": _("Enter what you need it for")},
    )


class AnswerForm(RightsForm):
    """What is given, until when, and why not the rest."""

    ends_on = last_day_field()
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=limits.ROLE_REASON_LONGEST,
        help_text=_("Needed when you refuse any of it. The person reads this."),
        widget=forms.Textarea(attrs={"rows": _LINES}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rights"].label = _("What do you give?")
