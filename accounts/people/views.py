"""The list of a centre's people, and one person's page (guide: How to Manage accounts; MAN-1)."""

from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlencode
from uuid import UUID

from cryptography.fernet import InvalidToken
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.invites.history import history_of
from accounts.people.filters import Filters, name_field
from accounts.people.forms import FilterForm
from accounts.people.queries import People, one, people
from accounts.people.rows import Row
from permissions.guards import manages_people
from permissions.models import Membership
from portal import crypto
from portal.web.paging import Mark, number_in, unsealed

if TYPE_CHECKING:
    from permissions.request import CentreRequest

_PURPOSE: Final = "people-search"
_KEPT: Final = ("role", "status", "access", "mfa", "sort")


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def manage_users(request: HttpRequest) -> HttpResponse:
    """Show the list. "Apply filters" posts and comes back by GET, the search as a sealed word: no name or address stands in a URL."""
    if request.method == "POST":
        return redirect(address(FilterForm(request.POST).filters()))
    asked = {name: request.GET.get(name, "") for name in _KEPT} | {"search": _unseal(request.GET.get("find", ""))}
    filters = FilterForm(asked).filters()
    shown = people(
        reader=reader_of(request), filters=filters, page=number_in(request.GET.get("page", "")), mark=unsealed(request.GET.get("at", ""))
    )
    context = {
        "filter_form": FilterForm(initial=asked),
        "filters": filters,
        "people": shown,
        "heads": {name: address(_sorted_by(filters, name)) for name in ("name", "type", "last")},
        "links": _links(address(filters), filters, shown),
    }
    return render(request, "accounts/people/list.html", context)


@manages_people
@require_safe
def person_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one person or invite, with everything that can be done as plain links."""
    row = row_or_404(request, pk)
    history = history_of(row.invitation) if row.invitation else []
    return render(request, "accounts/people/person.html", {"row": row, "history": history})


def row_or_404(request: HttpRequest, pk: UUID) -> Row:
    """Return somebody of the reader's own centre; foreign and missing are alike (A10)."""
    row = one(reader=reader_of(request), pk=pk)
    if row is None:
        raise Http404
    return row


def reader_of(request: HttpRequest) -> Membership:
    """Return the place of whoever asks; the guard has seen to it that there is one."""
    return cast("Membership", cast("CentreRequest", request).membership)


def address(filters: Filters) -> str:
    """Return the list's address with its filters; what was searched for is sealed."""
    query = {name: getattr(filters, name) for name in _KEPT if getattr(filters, name) not in {"", "name"}}
    if filters.search:
        query["find"] = crypto.encrypt(filters.search, purpose=_PURPOSE)
    return reverse("manage-users") + (f"?{urlencode(query)}" if query else "")


def _sorted_by(filters: Filters, name: str) -> Filters:
    """Return the same filters sorted by a column; a second time the other way round."""
    return replace(filters, sort=f"-{name}" if filters.sort == name else name)


def _unseal(sealed: str) -> str:
    try:
        return crypto.decrypt(sealed, purpose=_PURPOSE) if sealed else ""
    except (InvalidToken, ValueError):
        return ""


def _links(base: str, filters: Filters, shown: People) -> dict[str, str]:
    """Return where the neighbouring pages and the ends of the list are; by name with the line at which this page begins or ends."""
    stem = base + ("&" if "?" in base else "?")
    field = name_field()
    marks = {}
    if filters.by_name and shown.rows:
        first, last = shown.rows[0].place, shown.rows[-1].place
        marks = {"previous": Mark(field, getattr(first, field), first.pk, back=True), "next": Mark(field, getattr(last, field), last.pk)}
    pages = {"previous": shown.page - 1, "next": shown.page + 1, "first": 1, "last": shown.pages}
    return {
        name: f"{stem}page={number}" + (f"&at={marks[name].sealed()}" if name in marks else "")
        for name, number in pages.items()
        if 1 <= number <= shown.pages and number != shown.page
    }
