"""Find people, invites and centres by name, address or centre number: a constant number of queries whatever is found (HELP-1)."""

import re
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from accounts.models import Invitation, User
from permissions.models import Centre, Membership
from portal.folding import fold

SHOWN: Final = 25
_NUMBER: Final = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found, each at most `SHOWN`."""

    people: list[User]
    invites: list[Invitation]
    centres: list[Centre]

    def __bool__(self) -> bool:
        return bool(self.people or self.invites or self.centres)


def find(text: str) -> Found:
    """Look for people, open invites and centres. Words are compared without accents and capitals, a centre's number as a whole; four queries."""
    words = fold(text).split()
    number = _NUMBER.fullmatch(text.strip())
    people = User.objects.filter(people_like(text)).order_by("last_name", "first_name", "pk").prefetch_related("memberships__centre")
    invites = Invitation.objects.filter(accepted_at=None, withdrawn_at=None).select_related("centre").order_by("-sent_at")
    centres = Centre.objects.filter(number=text.strip()) if number else Centre.objects.filter(name__icontains=text.strip())
    held = Membership.objects.filter(user=None)
    held = held.filter(centre__number=text.strip()) if number else held.filter(_has_words(words))
    return Found(
        people=list(people[:SHOWN]),
        invites=list(invites.filter(membership__in=held)[:SHOWN]),
        centres=list(centres.order_by("number")[:SHOWN]),
    )


def people_like(text: str) -> Q:
    """Return the condition for people who match: by the words of their places, and staff, who have none, by their own."""
    if _NUMBER.fullmatch(text.strip()):
        return Q(pk__in=Membership.objects.filter(centre__number=text.strip(), user__isnull=False).values("user"))
    words = fold(text).split()
    staff = Q(is_staff=True)
    for word in text.split():
        staff &= Q(email__icontains=word) | Q(first_name__icontains=word) | Q(last_name__icontains=word)
    return Q(pk__in=Membership.objects.filter(_has_words(words), user__isnull=False).values("user")) | staff


def _has_words(words: list[str]) -> Q:
    every = Q()
    for word in words:
        every &= Q(searched__contains=word)
    return every
