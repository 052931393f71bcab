"""What the list of people can be filtered and sorted by: an allow-list, nothing else reaches the database (A108)."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db.models import Case, Exists, F, IntegerField, OrderBy, OuterRef, Q, QuerySet, Value, When
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.models import Factor, Method
from permissions.access import ALWAYS, TABLE
from permissions.models import Grant, Membership
from permissions.policy import ceiling
from permissions.roles import Role
from permissions.scope import today
from permissions.words import LABELS, code, from_code
from portal import clock, limits
from portal.folding import fold

STATUSES: Final[dict[str, Promise]] = {
    "active": _("Active"),
    "dormant": _("Dormant: not signed in for 90 days"),
    "invited": _("Invited"),
    "expired": _("Expired"),
    "suspended": _("Suspended"),
}
NOT_SET_UP: Final = "none"
METHODS: Final[dict[str, Promise | str]] = {**{method.value: method.label for method in Method}, NOT_SET_UP: _("Not set up")}
ACCESS: Final[dict[str, Promise]] = {code(right): LABELS[right] for right in TABLE if right not in ALWAYS}
SORTS: Final = ("name", "type", "last")
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is asked of the list; empty text asks nothing. `sort` is a key of `SORTS`, with a hyphen before it for the other direction."""

    search: str = ""
    role: str = ""
    status: str = ""
    access: str = ""
    mfa: str = ""
    sort: str = "name"

    @property
    def narrow(self) -> bool:
        """Whether anything is filtered out."""
        return bool(self.search or self.role or self.status or self.access or self.mfa)

    @property
    def by_name(self) -> bool:
        """Whether the list is sorted by name alone, up or down."""
        return self.sort.removeprefix("-") == "name"


def name_field() -> str:
    """Return the column that sorts names as the page's language does."""
    return "sort_cy" if get_language() == "cy" else "sort_en"


def narrowed(rows: QuerySet[Membership], filters: Filters) -> QuerySet[Membership]:
    """Keep the places that the filters ask for."""
    asked = Q()
    if filters.role:
        asked &= Q(role=filters.role)
    if filters.status:
        asked &= _status(filters.status)
    if filters.access:
        asked &= _access(filters.access)
    if filters.mfa:
        asked &= _mfa(filters.mfa)
    for word in fold(filters.search).split()[:_MOST_WORDS]:
        asked &= Q(searched__contains=word)
    return rows.filter(asked)


def in_order(rows: QuerySet[Membership], sort: str) -> QuerySet[Membership]:
    """Sort by one of `SORTS`; people who never signed in come last either way."""
    down, name = sort.startswith("-"), name_field()
    match sort.removeprefix("-"):
        case "type":
            return rows.order_by(OrderBy(_role_rank(), descending=down), name, "pk")
        case "last":
            return rows.order_by(OrderBy(F("user__last_login"), descending=down, nulls_last=True), name, "pk")
        case _:
            return rows.order_by(f"-{name}", "-pk") if down else rows.order_by(name, "pk")


def dormant() -> Q:
    """Ask who has not signed in for long; somebody who never did counts from the day they joined (MAN-4)."""
    since = clock.now() - timedelta(days=limits.MAN4_DORMANT_DAYS)
    return Q(user__last_login__lt=since) | Q(user__last_login__isnull=True, accepted_at__lt=since)


def _status(status: str) -> Q:
    now = clock.now()
    match status:
        case "invited":
            return Q(user__isnull=True, invitation__expires_at__gt=now)
        case "expired":
            return Q(user__isnull=True, invitation__expires_at__lte=now)
        case "suspended":
            return Q(user__is_active=False) | Q(suspended_at__isnull=False)
        case "dormant":
            return Q(user__is_active=True) & dormant()
        case _:
            return Q(user__is_active=True, suspended_at=None)


def _access(asked: str) -> Q:
    """Ask who may open something today: given, not ended, and within what the type of account can hold."""
    service, level = right = from_code(asked)
    given = Grant.objects.filter(membership=OuterRef("pk"), service=service, level=level)
    holds = given.filter(Q(ends_on__isnull=True) | Q(ends_on__gte=today()))
    return Q(Exists(holds), role__in=[role for role in Role if right in ceiling(role)])


def _mfa(method: str) -> Q:
    set_up = Factor.objects.filter(user=OuterRef("user"), confirmed=True)
    if method == NOT_SET_UP:
        return ~Q(Exists(set_up))
    return Q(Exists(set_up.filter(method=method)))


def _role_rank() -> Case:
    return Case(*(When(role=role, then=Value(rank)) for rank, role in enumerate(Role)), output_field=IntegerField())
