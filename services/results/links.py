"""Where the pages of results are: of one look, never of the other."""

from django.urls import reverse

from portal.web.paging import Mark
from services.releases.gate import Look, Sight
from services.releases.sittings import OpenSitting
from services.results.queries import Book, Listed, name_field


def prefix(look: Look) -> str:
    """Return the beginning of the names of all pages of a look."""
    return "results-embargoed" if look.sight is Sight.EMBARGOED else "results"


def of_sitting(look: Look, sitting: OpenSitting) -> dict[str, str]:
    """Return the pages of a sitting that have no more in their address."""
    return {name: reverse(f"{prefix(look)}-{name}", args=[sitting.code]) for name in ("candidates", "subjects", "file", "edi")}


def pages(stem: str, book: Book) -> dict[str, str]:
    """Return where the neighbouring pages are; a list of candidates goes on from the line at which this page ends."""
    field, marks = name_field(), {}
    if book.rows and isinstance(book.rows[0], Listed):
        first, last = book.rows[0], book.rows[-1]
        marks = {"previous": Mark(field, first.key, first.pk, back=True), "next": Mark(field, last.key, last.pk)}
    asked = {"previous": book.page - 1, "next": book.page + 1}
    return {
        name: f"{stem}page={number}" + (f"&at={marks[name].sealed()}" if marks else "")
        for name, number in asked.items()
        if 1 <= number <= book.pages
    }
