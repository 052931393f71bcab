"""Read the people of a centre: a page of the list, or one of them. The number of queries does not grow with the number of people."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from accounts.invites.queries import admins_used, standings
from accounts.models import Factor, Method
from accounts.people.filters import Filters, in_order, name_field, narrowed
from accounts.people.rows import Row, row_of
from permissions.models import Membership
from permissions.roles import MANAGERS
from permissions.scope import today
from portal.web.paging import Mark, by_mark, by_number, page_count

PAGE_SIZE: Final = 50
_METHOD_ORDER: Final = {method.value: place for place, method in enumerate(Method)}


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """A page of the list; `found` counts those the filters leave."""

    rows: list[Row]
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


def people(*, reader: Membership, filters: Filters, page: int, mark: Mark | None = None) -> People:
    """Return a page of the centre's people and open invites; a page that does not exist becomes the nearest one (A153).

    `mark` is the line next to the page; by it the page is found along the index. It counts for a list by name only.
    """
    rows = narrowed(Membership.objects.filter(centre=reader.centre), filters)
    keys = in_order(rows, filters.sort).values_list("pk", flat=True)
    # A search that finds few reads all words of the centre once, not a second time only to count what is on this page.
    begin = list(keys[: PAGE_SIZE + 1]) if filters.narrow and page <= 1 else None
    found = rows.count() if begin is None or len(begin) > PAGE_SIZE else len(begin)
    pages = page_count(found, PAGE_SIZE)
    page = min(max(1, page), pages)
    # A mark of the other language's order would lead astray, and the ends of the list are found as cheaply without.
    if begin is not None:
        shown: Collection[UUID] = begin[:PAGE_SIZE]
    elif mark is not None and filters.by_name and mark.field == name_field() and 1 < page < pages:
        shown = by_mark(keys, mark=mark, size=PAGE_SIZE)
    else:
        shown = by_number(keys, number=page, found=found, size=PAGE_SIZE)
    return People(rows=of_keys(reader=reader, keys=shown), found=found, admins=admins_used(reader.centre), page=page, pages=pages)


def of_keys(*, reader: Membership, keys: Collection[UUID]) -> list[Row]:
    """Put places of the reader's own centre into words, in the order of their ids as given; unknown and foreign ids are left out (A10)."""
    found = Membership.objects.filter(centre=reader.centre, pk__in=keys)
    rows = {row.place.pk: row for row in in_words(_whole(found), reader=reader)}
    return [rows[key] for key in keys if key in rows]


def people_and_resets(*, reader: Membership, page: str) -> People:
    """Return a page of those who have an account at the centre, by name, each with who may reset their MFA methods (MFA-4).

    `page` is what was asked for; anything that is no page becomes one (A153).
    """
    keys = in_order(Membership.objects.filter(centre=reader.centre, user__isnull=False), "name").values_list("pk", flat=True)
    book = Paginator(keys, PAGE_SIZE)
    number = book.get_page(page).number
    shown = by_number(keys, number=number, found=book.count, size=PAGE_SIZE)
    return People(rows=of_keys(reader=reader, keys=shown), found=book.count, admins=0, page=number, pages=book.num_pages)


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
