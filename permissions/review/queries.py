"""Who is to be confirmed, and who was (MAN-4)."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from permissions.models import Centre, Confirmation, Membership
from permissions.review.terms import Term
from permissions.roles import Role


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come."""

    confirmed: int
    total: int

    @property
    def left(self) -> int:
        """How many are still to be looked at."""
        return self.total - self.confirmed


def to_review(centre: Centre) -> QuerySet[Membership]:
    """Return the places a review is about: everybody who has accepted but the Exams Officer, whom only staff can remove."""
    return Membership.objects.filter(centre=centre, user__isnull=False).exclude(role=Role.EXAMS_OFFICER)


def confirmed_in(term: Term) -> Exists:
    """Return the condition that a place was confirmed in a term."""
    return Exists(Confirmation.objects.filter(membership=OuterRef("pk"), review__term=term.key))


def progress(centre: Centre, term: Term) -> Progress:
    """Return how far a centre's review has come. Two queries."""
    places = to_review(centre)
    return Progress(places.filter(confirmed_in(term)).count(), places.count())
