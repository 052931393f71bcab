"""Confirm people in the access review (MAN-4). Removing somebody is Delete User's deed."""

from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from permissions.events import Event
from permissions.membership.access import hold_places
from permissions.models import Centre, Confirmation, Membership, Review
from permissions.review.queries import confirmed_in, to_review
from permissions.review.terms import term_of
from permissions.roles import Role
from permissions.scope import today
from portal.audit.record import record
from portal.web.refusal import Refusal


class NotYoursToReview(Refusal):
    """The access review is the Exams Officer's."""

    message = _("Only the Exams Officer can confirm people")


class NobodyChosen(Refusal):
    """No box was ticked, or those chosen are gone or confirmed by now."""

    message = _("Select at least one person who is not confirmed yet")


@transaction.atomic
def confirm(*, actor: Membership, places: Iterable[UUID]) -> int:
    """Confirm that people of the actor's centre keep their access this term; returns how many were. Each leaves an event.

    Foreign, missing and confirmed ones are passed over. Raises `NotYoursToReview`, `NobodyChosen`.
    """
    # Held like every deed on places, in one order, so that somebody who is deleted meanwhile is not confirmed.
    held = hold_places(actor.pk, *places)
    row = held.get(actor.pk)
    if row is None or row.user_id is None or row.role != Role.EXAMS_OFFICER or not row.counts:
        raise NotYoursToReview()
    term = term_of(today())
    review = review_of(row.centre, term.key)
    chosen = list(to_review(row.centre).filter(~confirmed_in(term), pk__in=held).select_related("user").order_by("pk"))
    if not chosen:
        raise NobodyChosen()
    Confirmation.objects.bulk_create(Confirmation(review=review, membership=place, confirmed_by_id=row.user_id) for place in chosen)
    for place in chosen:
        record(Event.ACCESS_CONFIRMED, actor=row.user, subject=place.user, centre=row.centre, term=term.key)
    return len(chosen)


def review_of(centre: Centre, term: str) -> Review:
    """Return a centre's review of a term; the first who asks begins it."""
    return Review.objects.get_or_create(centre=centre, term=term)[0]
