"""Read people for the review and the register. The number of queries does not grow with the number of people."""

from typing import Any

from django.db.models import BooleanField, Case, F, OrderBy, Prefetch, QuerySet, Value, When

from accounts.models import Factor
from accounts.people.filters import dormant
from permissions.models import Centre, Confirmation, Membership
from permissions.review.queries import confirmed_in, to_review
from permissions.review.terms import Term
from portal import limits


def review_page(centre: Centre, term: Term, page: int) -> tuple[list[Membership], int]:
    """Return a page of places and the number of pages: unconfirmed before confirmed, dormant before others, the longest away first (MAN-4).

    A page that does not exist becomes the nearest one (A153).
    """
    rows = to_review(centre).annotate(
        confirmed=confirmed_in(term), dormant=Case(When(dormant(), then=Value(True)), default=Value(False), output_field=BooleanField())
    )
    size = limits.MAN4_PAGE
    pages = max(1, -(-rows.count() // size))
    start = (min(max(1, page), pages) - 1) * size
    order = ("confirmed", "-dormant", OrderBy(F("user__last_login"), nulls_first=True), "user__last_name", "user__first_name", "pk")
    found = rows.order_by(*order).select_related("user").prefetch_related("grants", _confirmations(term.key))
    return list(found[start : start + size]), pages


def register(centre: Centre) -> QuerySet[Membership]:
    """Return everybody of a centre for the register, people and open invites, by type of account and name. Four queries."""
    in_use = Factor.objects.filter(confirmed=True).only("user_id", "method").order_by("pk")
    return (
        Membership.objects.filter(centre=centre)
        .select_related("user", "invitation")
        .prefetch_related("grants", Prefetch("user__factors", queryset=in_use, to_attr="set_up"), _confirmations())
        .order_by("role", "user__last_name", "invitation__last_name", "user__first_name", "pk")
    )


def _confirmations(term: str = "") -> "Prefetch[Any]":
    rows = Confirmation.objects.select_related("confirmed_by").order_by("-confirmed_at")
    return Prefetch("confirmations", queryset=rows.filter(review__term=term) if term else rows, to_attr="confirmed_in")
