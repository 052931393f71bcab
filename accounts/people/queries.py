"""Read the people of a centre: a page of the list, or one of them. The number of queries does not grow with the number of people."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from accounts.invites.queries import standings
from accounts.models import Factor, Method
from accounts.people.filters import Filters, condition, in_order, of_centre, searchable
from accounts.people.rows import Row, row_of
from permissions.models import Membership
from permissions.roles import MANAGERS, Role
from permissions.scope import today

PAGE_SIZE: Final = 50
_METHOD_ORDER: Final = {method.value: place for place, method in enumerate(Method)}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A page of the list. `total` counts everybody, `found` those the filters leave."""

    rows: list[Row]
    total: int
    found: int
    admins: int
    page: int
    pages: int

    @property
    def first(self) -> int:
        """The number of the first line on this page, counted from 1; 0 when there is none."""
        return min(self.found, (self.page - 1) * PAGE_SIZE + 1)

    @property
    def last(self) -> int:
        """The number of the last line on this page."""
        return min(self.found, self.page * PAGE_SIZE)


def people(*, reader: Membership, filters: Filters, page: int) -> People:
    """Return a page of the centre's people and open invites; a page that does not exist becomes the nearest one (A153)."""
    rows, asked = of_centre(reader.centre), condition(filters)
    if filters.search:
        rows = searchable(rows)
    counts: dict[str, Any] = rows.aggregate(
        total=Count("pk"), admins=Count("pk", filter=Q(role=Role.ADMIN)), found=Count("pk", filter=asked) if asked else Count("pk")
    )
    pages = max(1, -(-counts["found"] // PAGE_SIZE))
    page = min(max(1, page), pages)
    start = (page - 1) * PAGE_SIZE
    found = in_order(rows.filter(asked), filters.sort)[start : start + PAGE_SIZE]
    return People(rows=in_words(_whole(found), reader=reader), page=page, pages=pages, **counts)


def people_and_resets(*, reader: Membership, page: str) -> People:
    """Return a page of those who have an account at the centre, by name, each with who may reset their MFA methods (MFA-4).

    `page` is what was asked for; anything that is no page becomes one (A153).
    """
    whole = _whole(in_order(of_centre(reader.centre).filter(user__isnull=False), "name"))
    book = Paginator(whole, PAGE_SIZE)
    number = book.get_page(page).number
    found = whole[(number - 1) * PAGE_SIZE : number * PAGE_SIZE]
    return People(rows=in_words(found, reader=reader), total=book.count, found=book.count, admins=0, page=number, pages=book.num_pages)


def one(*, reader: Membership, pk: UUID) -> Row | None:
    """Return one place of the reader's own centre, or None: a foreign id is as unknown as a missing one (A10)."""
    rows = in_words(_whole(Membership.objects.filter(centre=reader.centre, pk=pk)), reader=reader)
    return rows[0] if rows else None


def in_words(places: QuerySet[Membership], *, reader: Membership) -> list[Row]:
    """Put places into words, with where their open invites stand."""
    held = list(places)
    known = standings(place.invitation for place in held if place.user_id is None and hasattr(place, "invitation"))
    day = today()
    return [
        row_of(
            place,
            reader=reader,
            standing=known.get(place.invitation.pk) if place.user_id is None and hasattr(place, "invitation") else None,
            methods=_methods(place),
            today=day,
            manages=getattr(place, "manages", False),
        )
        for place in held
    ]


def _whole(places: QuerySet[Membership]) -> QuerySet[Membership]:
    """Fetch what a line needs: three queries, however many lines."""
    set_up = Factor.objects.filter(confirmed=True).only("user_id", "method")
    anywhere = Membership.objects.filter(user=OuterRef("user"), role__in=MANAGERS)
    return (
        places.annotate(manages=Exists(anywhere))
        .select_related("user", "invitation", "invitation__invited_by")
        .prefetch_related("grants", Prefetch("user__factors", queryset=set_up, to_attr="set_up"))
    )


def _methods(place: Membership) -> list[Factor]:
    found: list[Factor] = getattr(place.user, "set_up", [])
    return sorted(found, key=lambda factor: _METHOD_ORDER[factor.method])
