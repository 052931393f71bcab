"""The address of somebody's calendar: an id and its signature. It opens their calendar and nothing else, and ends when it is revoked (SVC-9).

Neither can be made from the other, nor from anything that the table holds: who reads the database, or a backup of it, has no address.
"""

from typing import Final
from uuid import UUID

from django.urls import reverse

from permissions.levels import Level, Right, Service
from permissions.models import Membership
from permissions.policy import valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from portal import crypto
from portal.web.links import absolute
from services.dates.models import Calendar

RIGHT: Final[Right] = (Service.RESOURCES, Level.VIEW)
_PURPOSE: Final = "calendar-address"
_SIGNS: Final = 32
"""Characters of the signature that the address has: 128 bits."""


def key_of(calendar: Calendar) -> str:
    """Return the word that opens a calendar."""
    return f"{calendar.pk.hex}{_signature(calendar.pk)}"


def address_of(calendar: Calendar) -> str:
    """Return the address for a calendar program. The word stands in the query, which the proxy's log leaves out."""
    return absolute(f"{reverse('calendar')}?key={key_of(calendar)}")


def calendar_of(key: str) -> Calendar | None:
    """Return whose calendar a word opens, if they still have a place at the centre and the right; else None, whatever is wrong with it."""
    try:
        pk = UUID(hex=key[:_SIGNS])
    except ValueError:
        return None
    if not crypto.same(key, f"{pk.hex}{_signature(pk)}"):
        return None
    rows = Calendar.objects.filter(pk=pk, revoked_at=None).select_related("membership__user", "membership__centre")
    found = rows.first()
    return found if found is not None and _stands(found.membership) else None


def _stands(place: Membership) -> bool:
    """Say whether whoever has the place could open the page of key dates now."""
    person = place.user
    if person is None or not person.is_active or person.frozen_at or not place.counts:
        return False
    return RIGHT in valid_rights(Role(place.role), holdings(place), today())


def _signature(pk: UUID) -> str:
    return crypto.digest(_PURPOSE, pk.hex)[:_SIGNS]
