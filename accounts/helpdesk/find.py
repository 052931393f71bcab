"""Find people, invites and centres by name, address or centre number: a constant number of queries whatever is found (HELP-1)."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import User
from permissions.models import Centre, Membership
from portal.folding import fold

SHOWN: Final = 25
_COLUMNS: Final = (
    "role", "sort_en", "user__first_name", "user__last_name", "user__email", "user__is_active", "centre__number", "centre__name",
    "invitation__membership", "invitation__first_name", "invitation__last_name", "invitation__email",
)  # fmt: skip
_NUMBER: Final = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found: places of people, places held by open invites, staff, centres; `SHOWN` of each at most."""

    people: list[Membership]
    invites: list[Membership]
    staff: list[User]
    centres: list[Centre]

    def __bool__(self) -> bool:
        return bool(self.people or self.invites or self.staff or self.centres)


def find(text: str) -> Found:
    """Look for people, open invites, staff and centres; three queries.

    Words are compared without accents and capitals, a centre's number as a whole. Places are read once for people and invites alike.
    """
    asked = text.strip()
    number = _NUMBER.fullmatch(asked) is not None
    centres = list(
        (Centre.objects.filter(number=asked) if number else Centre.objects.filter(name__icontains=asked)).order_by("number")[:SHOWN]
    )
    # Which rows comes first and alone: sorting thousands is cheap, joining them to all they belong to is not.
    match = Q(centre__in=[centre.pk for centre in centres]) if number else _has_words(fold(asked).split())
    chosen = Membership.objects.filter(match).order_by("sort_en", "pk").values("pk")[: 2 * SHOWN]
    places = Membership.objects.filter(pk__in=chosen).select_related("user", "centre", "invitation").only(*_COLUMNS)
    rows = list(places.order_by("sort_en", "pk"))
    return Found(
        people=[row for row in rows if row.user is not None][:SHOWN],
        invites=[row for row in rows if row.user is None and getattr(row, "invitation", None) is not None][:SHOWN],
        staff=[] if number else list(User.objects.filter(_staff_like(asked)).order_by("last_name", "pk")[:SHOWN]),
        centres=centres,
    )


def people_like(text: str) -> Q:
    """Return the condition for people who match: by the words of their places, and staff, who have none, by their own."""
    if _NUMBER.fullmatch(text.strip()):
        return Q(pk__in=Membership.objects.filter(centre__number=text.strip(), user__isnull=False).values("user"))
    places = Membership.objects.filter(_has_words(fold(text).split()), user__isnull=False)
    return Q(pk__in=places.values("user")) | _staff_like(text)


def _staff_like(text: str) -> Q:
    like = Q(is_staff=True)
    for word in text.split():
        like &= Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    return like


def _has_words(words: list[str]) -> Q:
    every = Q()
    for word in words:
        every &= Q(searched__contains=word)
    return every
