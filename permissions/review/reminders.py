"""Tell Exams Officers of an access review that is due: at the start of a term, and once more before the end (MAN-4). Called by the timetable."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse

from permissions.events import Event
from permissions.models import Membership, Review
from permissions.review.flow import review_of
from permissions.review.queries import confirmed_in, progress
from permissions.review.terms import Term, term_of
from permissions.roles import Role
from permissions.scope import today
from portal import limits
from portal.audit.record import record
from portal.outbox.put import put


def send_due() -> int:
    """Send the reminders that are due, so many at a time; returns how many. Each is a transaction of its own; two callers never remind twice."""
    term = term_of(today())
    due = term.reminders_due(today())
    if not due:
        return 0
    told = Review.objects.filter(centre=OuterRef("centre"), term=term.key, reminded__gte=due)
    waiting = Membership.objects.filter(centre=OuterRef("centre"), user__isnull=False).exclude(role=Role.EXAMS_OFFICER)
    officers = Membership.objects.filter(
        ~Exists(told),
        Exists(waiting.filter(~confirmed_in(term))),
        role=Role.EXAMS_OFFICER,
        user__is_active=True,
        centre__frozen_at=None,
    )
    return sum(_remind(officer, term, due) for officer in officers.select_related("centre", "user")[: limits.MAN4_REMINDERS_AT_ONCE])


@transaction.atomic
def _remind(officer: Membership, term: Term, due: int) -> bool:
    review = review_of(officer.centre, term.key)
    if officer.user is None or not Review.objects.filter(pk=review.pk, reminded__lt=due).update(reminded=due):
        return False
    put(
        "access_review_due",
        to=officer.user.email,
        language=officer.user.language,
        context={
            "name": officer.user.full_name,
            "centre": str(officer.centre),
            "due_on": term.due_on.isoformat(),
            "left": progress(officer.centre, term).left,
            "path": reverse("access-review"),
        },
        about=f"review:{review.pk}",
    )
    record(Event.REVIEW_REMINDED, subject=officer.user, centre=officer.centre, term=term.key)
    return True
