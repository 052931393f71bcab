"""Pages of a long list that cost the same wherever they are: from a line that is already known, or from the nearer end of the list.

"Next" and "Previous" carry a mark: the key of the line at which this page ends or begins, sealed, since such a key may be somebody's name.
An index on (whatever narrows the list, key, id) then finds the neighbouring page without counting lines. A page asked for by its number
alone is counted from the nearer end, so that the last page is as cheap as the first.
"""

import json
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.db.models import Q, QuerySet

from portal import crypto

_PURPOSE: Final = "page-mark"
_MOST_DIGITS: Final = 6


@dataclass(frozen=True, slots=True)
class Mark:
    """A line next to a page: the page begins behind it, or, with `back`, ends before it. `field` is the column that `key` is of."""

    field: str
    key: str
    pk: UUID
    back: bool = False

    def sealed(self) -> str:
        """Return the mark as a word for an address that nobody can read or make."""
        return crypto.encrypt(json.dumps([self.field, self.key, str(self.pk), self.back]), purpose=_PURPOSE)


def unsealed(word: str) -> Mark | None:
    """Return the mark of a word, or None when it is none of ours."""
    try:
        field, key, pk, back = json.loads(crypto.decrypt(word, purpose=_PURPOSE))
        return Mark(field, key, UUID(pk), back)
    except (InvalidToken, ValueError):
        return None


def number_in(text: str) -> int:
    """Return the page that was asked for; anything that is no number is the first (A153)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 1


def page_count(found: int, size: int) -> int:
    """Return how many pages a list has; an empty one has one."""
    return max(1, -(-found // size))


def cut(*, number: int, found: int, size: int) -> tuple[int, int, bool]:
    """Return first and last place of a page and whether they are counted from the end of `found` rows, where that is nearer."""
    start, end = (number - 1) * size, min(found, number * size)
    return (start, end, False) if start <= found - end else (found - end, found - start, True)


def by_number(rows: QuerySet[Any, Any], *, number: int, found: int, size: int) -> list[Any]:
    """Return a page of ordered rows by its number, which must exist; counted from the nearer end of `found` rows."""
    start, end, backwards = cut(number=number, found=found, size=size)
    return list(rows.reverse()[start:end])[::-1] if backwards else list(rows[start:end])


def by_mark(rows: QuerySet[Any, Any], *, mark: Mark, size: int) -> list[Any]:
    """Return the page next to a mark, of rows ordered by (the mark's field, pk) in one direction."""
    found = list(next_to(rows, mark=mark)[:size])
    return found[::-1] if mark.back else found


def next_to(rows: QuerySet[Any, Any], *, mark: Mark) -> QuerySet[Any, Any]:
    """Return the rows from a mark onwards, or from it back to the first.

    Written so that an index serves both databases: a range of the key, less the lines of the very same key on the wrong side.
    """
    down = rows.query.order_by[0].startswith("-")  # type: ignore[union-attr]
    upwards = down == mark.back
    beyond, past = ("gte", "lte") if upwards else ("lte", "gte")
    near = rows.filter(Q(**{f"{mark.field}__{beyond}": mark.key}) & ~Q(**{mark.field: mark.key, f"pk__{past}": mark.pk}))
    return near.reverse() if mark.back else near
