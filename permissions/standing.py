"""What every page asks of whoever is signed in, as fixed queries since every page pays for them: their places, and what the chosen one holds."""

from typing import Any, Final

from django.db.models import QuerySet, UUIDField

from permissions.levels import Level, Service
from permissions.models import Centre, Grant, Membership
from permissions.policy import Holdings
from portal.fixed_query import FixedQuery, Given, columns, instance


def places_of(person: Any) -> tuple[Membership, ...]:
    """Read all places a person has accepted, with their centres, in the order of their centre numbers."""
    found = []
    for row in _PLACES.rows(person=person.pk):
        place = instance(Membership, row[: len(_PLACE)])
        place.centre = instance(Centre, row[len(_PLACE) :])
        found.append(place)
    return tuple(found)


def held_at(place: Membership) -> Holdings:
    """Read the grants of a place, ended ones too."""
    return {(Service(service), Level(level)): ends_on for service, level, ends_on in _GRANTS.rows(place=place.pk)}


_PLACE: Final = columns(Membership)


def _places() -> QuerySet[Membership, Any]:
    mine = Membership.objects.filter(user=Given("person", UUIDField()))
    return mine.order_by("centre__number").values_list(*_PLACE, *(f"centre__{name}" for name in columns(Centre)))


_PLACES: Final = FixedQuery(_places)
_GRANTS: Final = FixedQuery(
    lambda: (
        Grant.objects.filter(membership=Given("place", UUIDField())).order_by("service", "level").values_list("service", "level", "ends_on")
    )
)
