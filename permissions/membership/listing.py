"""By which words a place is found and sorted in the list of a centre's people (MAN-1).

The names and the address belong to the floor above; copies stand in the place itself, so that a page of 50 is read along an index however
many people a centre has. They are written where a place gets its person and wherever a person's names or address change.
"""

from typing import Final, Protocol
from uuid import UUID

from permissions.models import Membership
from portal.folding import fold, name_key

FIELDS: Final = frozenset({"first_name", "last_name", "email"})
"""What of a person the list is sorted and searched by."""


_LONGEST: Final = 900


class Listed(Protocol):
    """Anybody with names and an address: a person, or what an invite says of one."""

    @property
    def first_name(self) -> str:
        """The first name."""

    @property
    def last_name(self) -> str:
        """The last name."""

    @property
    def email(self) -> str:
        """The address."""


def listed_as(who: Listed) -> dict[str, str]:
    """Return the columns of a place for somebody."""
    return {
        "sort_en": name_key(who.last_name, who.first_name, "en"),
        "sort_cy": name_key(who.last_name, who.first_name, "cy"),
        "searched": fold(f"{who.first_name} {who.last_name} {who.email}")[:_LONGEST],
    }


def list_person(pk: UUID, who: Listed) -> None:
    """Write a person's names and address into all of their places; one statement."""
    Membership.objects.filter(user=pk).update(**listed_as(who))


def hold_places_of(person: UUID) -> None:
    """Hold all places of a person until the transaction ends: before codes and people, as in every deed that takes them (F28)."""
    list(Membership.objects.select_for_update(no_key=True).filter(user=person).order_by("pk").values_list("pk"))
