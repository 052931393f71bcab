"""The deeds on one person, each with the right it asks for and its words."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.helpdesk import flow


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A deed on a person: the flow, the right it asks, and its words."""

    deed: Callable[..., bool]
    right: str
    title: Promise
    effect: Promise


ACTS: Final = {
    "suspend": Act(
        deed=flow.suspend,
        right="accounts.suspend_user",
        title=_("Suspend"),
        effect=_("They are signed out at once and cannot sign in until they are restored."),
    ),
    "restore": Act(
        deed=flow.restore,
        right="accounts.suspend_user",
        title=_("Restore"),
        effect=_("They can sign in again with their own password and MFA method."),
    ),
    "end-hold": Act(
        deed=flow.end_hold,
        right="accounts.end_hold_user",
        title=_("End the 24-hour hold"),
        effect=_("Embargoed results, A2C keys and Manage Users open again at once. Call back first, as for a reset."),
    ),
    "sign-out": Act(
        deed=flow.end_all_sessions,
        right="accounts.end_sessions_user",
        title=_("End all sessions"),
        effect=_("They are signed out everywhere and can sign in again."),
    ),
}
