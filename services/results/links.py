"""Where the pages of results are: of one look, never of the other."""

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from portal import limits
from portal.web.paging import Mark
from services.releases.gate import Look, Sight
from services.releases.sittings import OpenSitting
from services.results.queries import Book, Listed, name_field


def prefix(look: Look) -> str:
    """Return the beginning of the names of all pages of a look."""
    return "results-embargoed" if look.sight is Sight.EMBARGOED else "results"


def of_sitting(look: Look, sitting: OpenSitting) -> Mapping[str, str]:
    """Return the pages of a sitting that have no more in their address."""
    return _links(prefix(look), sitting.code)


@lru_cache(maxsize=256)
def _links(before: str, code: str) -> Mapping[str, str]:
    """Write the addresses of a sitting's pages once: every page of results names them all."""
    return MappingProxyType({name: reverse(f"{before}-{name}", args=[code]) for name in ("candidates", "subjects", "file", "edi")})


def size_asked(request: HttpRequest) -> int:
    """Return how many lines a page shall have: the usual, or as many as are printed at once."""
    return limits.SVC5_PRINT_PAGE if "paper" in request.GET else limits.SVC5_PAGE


def pages(here: str, query: Mapping[str, str], book: Book) -> dict[str, str]:
    """Return where the neighbouring pages are, and the page with the other number of lines (`paper` or `screen`).

    A list of candidates goes on from the line at which this page ends. `query` is what the address asks besides.
    """
    base = {name: value for name, value in query.items() if value}
    field, marks = name_field(), {}
    if book.rows and isinstance(book.rows[0], Listed):
        first, last = book.rows[0], book.rows[-1]
        marks = {"previous": Mark(field, first.key, first.pk, back=True), "next": Mark(field, last.key, last.pk)}
    sized = base | ({"paper": "1"} if book.for_paper else {})
    numbers = {"previous": book.page - 1, "next": book.page + 1}
    found = {
        name: sized | {"page": str(number)} | ({"at": marks[name].sealed()} if marks else {})
        for name, number in numbers.items()
        if 1 <= number <= book.pages
    }
    if book.for_paper:
        found["screen"] = base
    elif book.pages > 1:
        found["paper"] = base | {"paper": "1"}
    return {name: f"{here}?{urlencode(asked)}" for name, asked in found.items()}
