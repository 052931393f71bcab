"""Read requests for the pages. The number of queries does not grow with the number of requests."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from permissions.access_pages.rules import answerable
from permissions.levels import Right
from permissions.models import AccessRequest, Centre, Membership, Outcome
from permissions.policy import ceiling, givable, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.words import in_table_order, label
from portal import limits


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with what it asks for in words."""

    request: AccessRequest
    labels: list[Promise]


def waiting(centre: Centre) -> list[Asked]:
    """Return a centre's open requests, oldest first."""
    return in_words(_of_centre(centre).filter(outcome="").order_by("asked_at"))


def waiting_count(centre: Centre) -> int:
    """Count a centre's open requests, for the list of tasks that wait."""
    return AccessRequest.objects.filter(membership__centre=centre, outcome="").count()


def answered(centre: Centre) -> list[Asked]:
    """Return a centre's last answers, latest first."""
    rows = _of_centre(centre).exclude(outcome="").exclude(outcome=Outcome.WITHDRAWN)
    return in_words(rows.order_by("-decided_at")[: limits.ROLE_ANSWERED_SHOWN])


def mine(place: Membership) -> list[Asked]:
    """Return a person's own requests at a centre, latest first."""
    rows = AccessRequest.objects.filter(membership=place).select_related("decided_by").prefetch_related("rights")
    return in_words(rows.order_by("-asked_at")[: limits.ROLE_ANSWERED_SHOWN])


def one(centre: Centre, pk: UUID) -> Asked | None:
    """Return a request of a centre, or None: a foreign id is as unknown as a missing one (A10)."""
    found = in_words(_of_centre(centre).filter(pk=pk))
    return found[0] if found else None


def to_give(giver: Membership, request: AccessRequest) -> frozenset[Right]:
    """Return what an answerer may tick: what was asked or lies below it, what the asker can hold, and what the answerer holds too (A76)."""
    own = valid_rights(Role(giver.role), holdings(giver), today())
    role = Role(request.membership.role)
    return answerable(right.right for right in request.rights.all()) & givable(Role(giver.role), own, role) & ceiling(role)


def in_words(rows: QuerySet[AccessRequest]) -> list[Asked]:
    """Put requests into words."""
    return [Asked(row, [label(right) for right in in_table_order(frozenset(each.right for each in row.rights.all()))]) for row in rows]


def _of_centre(centre: Centre) -> QuerySet[AccessRequest]:
    rows = AccessRequest.objects.filter(membership__centre=centre)
    return rows.select_related("membership__user", "decided_by").prefetch_related("rights")
