"""The request as signed-in pages see it: whose centre, which rights. Worked out at the first question, never for an anonymous visitor."""

from functools import cached_property
from typing import Final

from django.http import HttpRequest

from permissions.levels import Right
from permissions.models import Membership
from permissions.policy import manages_people, rights_during_hold, valid_rights
from permissions.reasons import Reason
from permissions.roles import Role
from permissions.scope import today
from permissions.standing import held_at, places_of
from portal import clock

CHOSEN = "membership"
"""The session key that holds the id of the chosen membership (SIGN-7)."""


class CentreRequest(HttpRequest):
    """A request with the person's standing at their centre: one query for the memberships, one for the grants, and only when asked."""

    @cached_property
    def memberships(self) -> tuple[Membership, ...]:
        """All places the person has accepted, with their centres, frozen ones too, in the order of their centre numbers."""
        if not self.user.is_authenticated:
            return ()
        return places_of(self.user)

    @cached_property
    def open_memberships(self) -> tuple[Membership, ...]:
        """The places that count: not suspended, and at centres that are not frozen."""
        return tuple(place for place in self.memberships if place.counts)

    @cached_property
    def membership(self) -> Membership | None:
        """The chosen place, or the only one; None when there is none or several and no choice."""
        places = self.open_memberships
        if len(places) == 1:
            return places[0]
        chosen = self.session.get(CHOSEN) if places else None
        return next((place for place in places if str(place.pk) == chosen), None)

    @cached_property
    def rights(self) -> frozenset[Right]:
        """What the person may open today at this centre."""
        if self.membership is None:
            return frozenset()
        rights = valid_rights(Role(self.membership.role), held_at(self.membership), today())
        return rights_during_hold(rights) if self.is_held else rights

    @property
    def is_held(self) -> bool:
        """Whether the 24-hour hold after a reset lasts (MFA-5)."""
        until = getattr(self.user, "held_until", None)
        return until is not None and clock.now() < until

    @property
    def may_manage_people(self) -> bool:
        """Whether the person manages the people of this centre (INV-2)."""
        return self.membership is not None and manages_people(Role(self.membership.role))

    @property
    def must_choose_centre(self) -> bool:
        """Whether the person has several places and has not said which."""
        return self.membership is None and len(self.open_memberships) > 1

    @property
    def has_several_centres(self) -> bool:
        """Whether there is another centre to switch to."""
        return len(self.open_memberships) > 1

    @property
    def why_no_centre(self) -> Reason:
        """Why there is no membership to act with."""
        if any(place.suspended_at is not None for place in self.memberships):
            return Reason.SUSPENDED
        return Reason.CENTRE_FROZEN if self.memberships else Reason.NO_CENTRE


def centre_request(kind: type[HttpRequest]) -> type[HttpRequest]:
    """Return the class of requests of one kind (WSGI, ASGI, a test's) that also know the person's standing. Made once a kind."""
    if issubclass(kind, CentreRequest):
        return kind
    if kind not in _KINDS:
        _KINDS[kind] = type(f"Centre{kind.__name__}", (CentreRequest, kind), {"__module__": __name__})
    return _KINDS[kind]


_KINDS: Final[dict[type[HttpRequest], type[HttpRequest]]] = {}
