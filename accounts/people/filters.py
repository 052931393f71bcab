"""What the list of people can be filtered and sorted by: an allow-list, nothing else reaches the database (A108)."""

from dataclasses import dataclass
from typing import Final

from django.db.models import Case, CharField, Exists, F, IntegerField, OrderBy, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.models import Factor, Method
from accounts.people.folding import Folded, fold
from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock

STATUSES: Final[dict[str, Promise]] = {
    "active": _("Active"),
    "invited": _("Invited"),
    "expired": _("Expired"),
    "suspended": _("Suspended"),
}
NOT_SET_UP: Final = "none"
METHODS: Final[dict[str, Promise | str]] = {**{method.value: method.label for method in Method}, NOT_SET_UP: _("Not set up")}
SORTS: Final = ("name", "type", "last")
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the list; empty text asks nothing. `sort` is a key of `SORTS`, with a hyphen before it for the other direction."""

    search: str = ""
    role: str = ""
    status: str = ""
    mfa: str = ""
    sort: str = "name"

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.search or self.role or self.status or self.mfa)


def of_centre(centre: Centre) -> QuerySet[Membership]:
    """Return a centre's places with the names and the address by which they are searched: the person's, or the invited one's."""
    return Membership.objects.filter(centre=centre).annotate(
        found_first=Coalesce("user__first_name", "invitation__first_name", Value("")),
        found_last=Coalesce("user__last_name", "invitation__last_name", Value("")),
        found_email=Coalesce("user__email", "invitation__email", Value("")),
    )


def condition(filters: Filters) -> Q:
    """Return the filters as one condition over `of_centre`."""
    asked = Q()
    if filters.role:
        asked &= Q(role=filters.role)
    if filters.status:
        asked &= _status(filters.status)
    if filters.mfa:
        asked &= _mfa(filters.mfa)
    for word in fold(filters.search).split()[:_MOST_WORDS]:
        asked &= Q(searched__contains=word)
    return asked


def searchable(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Add the folded text that a search looks into."""
    text = Concat("found_first", Value(" "), "found_last", Value(" "), "found_email", output_field=CharField())
    return rows.annotate(searched=Folded(text))


def in_order(rows: QuerySet[Membership], sort: str) -> QuerySet[Membership]:
    """Sort by one of `SORTS`; people who never signed in come last either way."""
    down = sort.startswith("-")
    name = [OrderBy(Folded("found_last")), OrderBy(Folded("found_first")), OrderBy(F("pk"))]
    match sort.removeprefix("-"):
        case "type":
            return rows.order_by(OrderBy(_role_rank(), descending=down), *name)
        case "last":
            return rows.order_by(OrderBy(F("user__last_login"), descending=down, nulls_last=True), *name)
        case _:
            return rows.order_by(*(OrderBy(each.expression, descending=down) for each in name))


def _status(status: str) -> Q:
    now = clock.now()
    match status:
        case "invited":
            return Q(user__isnull=True, invitation__expires_at__gt=now)
        case "expired":
            return Q(user__isnull=True, invitation__expires_at__lte=now)
        case "suspended":
            return Q(user__is_active=False)
        case _:
            return Q(user__is_active=True)


def _mfa(method: str) -> Q:
    set_up = Factor.objects.filter(user=OuterRef("user"), confirmed=True)
    if method == NOT_SET_UP:
        return ~Q(Exists(set_up))
    return Q(Exists(set_up.filter(method=method)))


def _role_rank() -> Case:
    return Case(*(When(role=role, then=Value(rank)) for rank, role in enumerate(Role)), output_field=IntegerField())
