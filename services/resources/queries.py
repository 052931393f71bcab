"""Read resources through their gate: filters, words, pages. The number of queries does not grow with the files."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal import limits
from portal.web.paging import by_number, page_count
from services.exams.models import Subject
from services.resources.gate import Reader, is_general
from services.resources.models import Resource
from services.resources.words import has_words

_WITH: Final = ("subject", "qualification", "component", "file")
FILTERS: Final = {
    "subject": "subject__slug",
    "qualification": "qualification__kind",
    "year": "year",
    "kind": "kind",
    "language": "language",
}
"""The name of each filter and what it narrows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A page of resources; `found` counts all."""

    rows: Sequence[Resource]
    found: int
    page: int
    pages: int


def page_of(reader: Reader, *, words: str, narrowed: dict[str, Any], page: int) -> Book:
    """Return a page of what a reader may see, latest first, of all subjects or as narrowed."""
    rows = _general(reader)
    for name, value in narrowed.items():
        if value not in {None, ""}:
            wanted = {FILTERS[name]: value}
            # Something in both languages is found by whoever looks for either.
            rows = rows.filter(Q(**wanted) | Q(language="both")) if name == "language" else rows.filter(**wanted)
    rows = rows.filter(has_words(words))
    found = rows.count()
    pages = page_count(found, limits.SVC8_PAGE)
    page = min(max(1, page), pages)
    ordered = rows.select_related(*_WITH).order_by("-year", "-month", "subject__slug", "component__code", "kind", "language", "pk")
    return Book(rows=by_number(ordered, number=page, found=found, size=limits.SVC8_PAGE), found=found, page=page, pages=pages)


def todays(reader: Reader) -> list[Resource]:
    """Return the question papers that are open to this reader before they are everybody's, earliest first."""
    if not reader.takes_papers:
        return []
    rows = Resource.objects.readable(reader).exclude(is_general())
    return list(rows.select_related(*_WITH).order_by("starts_at", "component__code", "language")[: limits.SVC8_PAGE])


def subjects(reader: Reader) -> list[Subject]:
    """Return the subjects that have something for everybody."""
    return list(Subject.objects.filter(Exists(_general(reader).filter(subject=OuterRef("pk")))).order_by("slug"))


def years(reader: Reader) -> list[int]:
    """Return the years of which there is something, latest first."""
    return list(_general(reader).order_by("-year").values_list("year", flat=True).distinct())


def resource_of(reader: Reader, pk: UUID) -> Resource | None:
    """Return a resource that a reader may see now, with whether it is everybody's (`everybodys`)."""
    found = Resource.objects.readable(reader).filter(pk=pk).select_related(*_WITH).first()
    if found is not None:
        found.everybodys = _general(reader).filter(pk=pk).exists()
    return found


def chosen(reader: Reader, keys: Sequence[UUID]) -> list[Resource]:
    """Return what somebody chose for a zip file, of what is everybody's."""
    return list(_general(reader).filter(pk__in=keys).select_related("file").order_by("pk"))


def _general(reader: Reader) -> QuerySet[Resource]:
    """Return what is everybody's; a paper of today stands apart, so that no list, count or filter ever tells of it."""
    rows: QuerySet[Resource] = Resource.objects.readable(reader).filter(is_general())
    return rows
