"""One line of Manage Users: a person or an invite, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from accounts.invites.queries import Standing
from accounts.models import Factor, Invitation, User
from accounts.people.mfa_rules import WhoResets, who_resets
from permissions.access import ALWAYS, TABLE
from permissions.levels import Level, Right, Service
from permissions.models import Membership
from permissions.policy import grantable_by, may_manage, may_suspend, valid_rights
from permissions.roles import Role
from permissions.scope import holdings
from permissions.words import in_table_order, label


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody in the list. `may_*` say which acts the reader may do; the flows decide again."""

    place: Membership
    name: str
    email: str
    job_role: str
    you: bool
    rights: frozenset[Right]
    methods: list[str]
    state: Promise | str
    tone: str
    why: Promise | str
    last_sign_in: datetime | None
    invitation: Invitation | None
    may_change_access: bool
    may_delete: bool
    may_handle_invite: bool
    may_suspend: bool
    who_resets: WhoResets

    @property
    def may_reset_mfa(self) -> bool:
        """Whether the reader may reset the MFA methods (MFA-4)."""
        return self.who_resets is WhoResets.HERE

    @property
    def only_by_help_desk(self) -> bool:
        """Whether only two members of staff may reset them."""
        return self.who_resets is WhoResets.HELP_DESK

    @property
    def access(self) -> list[Promise]:
        """What may be opened, in words."""
        return access_in_words(self.rights)

    @property
    def access_in_a_line(self) -> str:
        """The same in one line; fifty rows hold few different sets of rights."""
        return _in_a_line(self.rights, get_language() or "")

    @property
    def stem(self) -> str:
        """Where the person's page is, seen from the list; their deeds stand below it (accounts.people.urls)."""
        return f"{self.place.pk}/"

    @property
    def suspended(self) -> bool:
        """Whether an Exams Officer suspended this person at the centre (MAN-5)."""
        return self.place.suspended_at is not None

    @property
    def actions_for(self) -> str:
        """The name of the three dots."""
        return gettext("Actions for %(name)s") % {"name": self.name}

    @property
    def select(self) -> str:
        """The name of the box to tick."""
        return gettext("Select %(name)s") % {"name": self.name}

    @property
    def may_be_suspended(self) -> bool:
        """Whether the reader may suspend this person, who is not (MAN-5)."""
        return self.may_suspend and not self.suspended

    @property
    def may_be_restored(self) -> bool:
        """Whether the reader may give a suspended person their access back."""
        return self.may_suspend and self.suspended

    @property
    def may_be_picked(self) -> bool:
        """Whether the line has a box to tick for a deed on several at once."""
        return self.may_delete or self.may_handle_invite

    @property
    def has_actions(self) -> bool:
        """Whether the three dots stand beside the account type."""
        return self.may_change_access or self.may_delete or self.may_handle_invite or self.may_reset_mfa


def row_of(
    place: Membership, *, reader: Membership, standing: Standing | None, methods: Iterable[Factor], today: date, manages: bool = False
) -> Row:
    """Put a place into words for a reader. `place` comes with user, invitation and grants; `standing` is that of an open invite.

    `manages` says whether the person is an Exams Officer or an Admin at any centre.
    """
    person: User | None = place.user
    invitation: Invitation | None = getattr(place, "invitation", None)
    who: User | Invitation | None = person or invitation
    same = place.pk == reader.pk
    manage = may_manage(Role(reader.role), Role(place.role), same)
    state, tone, why = _state(place, person, standing)
    in_use = [str(method) for method in methods]
    return Row(
        place=place,
        name=who.full_name if who else "",
        email=who.email if who else "",
        job_role=who.job_role if who else "",
        you=same,
        rights=valid_rights(Role(place.role), holdings(place), today),
        methods=in_use,
        state=state,
        tone=tone,
        why=why,
        last_sign_in=person.last_login if person else None,
        invitation=invitation if person is None else None,
        may_change_access=not same and grantable_by(Role(reader.role), Role(place.role)),
        may_delete=manage and person is not None,
        may_handle_invite=manage and person is None and invitation is not None,
        may_suspend=person is not None and may_suspend(Role(reader.role), Role(place.role), same),
        who_resets=_who_resets(place, reader=reader, manages=manages, enrolled=bool(in_use)),
    )


def access_in_words(rights: frozenset[Right]) -> list[Promise]:
    """Say what may be opened: all, or the labels in the table's order; the resources, which everybody has, come short and last."""
    if rights == frozenset(TABLE):
        return [_("All services")]
    make: Right = (Service.ENTRIES, Level.MAKE)
    hidden = ALWAYS | ({(Service.ENTRIES, Level.VIEW)} if make in rights else frozenset())
    return [*(label(right) for right in in_table_order(rights - hidden)), _("Resources")]


@lru_cache(maxsize=1024)
def _in_a_line(rights: frozenset[Right], _language: str) -> str:
    return ", ".join(str(word) for word in access_in_words(rights))


def _who_resets(place: Membership, *, reader: Membership, manages: bool, enrolled: bool) -> WhoResets:
    person: User | None = place.user
    if person is None:
        return WhoResets.NOTHING_ENROLLED
    return who_resets(
        reader=Role(reader.role),
        same_person=person.pk == reader.user_id,
        roles={Role(place.role), Role.ADMIN} if manages else {Role(place.role)},
        staff=person.is_staff,
        closed=not person.is_active or person.frozen_at is not None,
        enrolled=enrolled,
    )


def _state(place: Membership, person: User | None, standing: Standing | None) -> tuple[Promise | str, str, Promise | str]:
    if person is not None:
        if not person.is_active:
            return _("Suspended"), "danger", _("Suspended by our help desk")
        return (_("Active"), "success", "") if place.suspended_at is None else (_("Suspended"), "danger", "")
    if standing is None:
        return _("Invited"), "neutral", ""
    return standing.state.label, standing.state.tone, standing.why
