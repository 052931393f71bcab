"""The pages of the access review and of the register (MAN-3, MAN-4)."""

from typing import cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.people.rows import access_in_words
from accounts.people.views import reader_of
from accounts.review.queries import review_page
from accounts.review.register import header, lines, take_register
from permissions.guards import manages_people
from permissions.models import Membership
from permissions.policy import valid_rights
from permissions.review.flow import NotYoursToReview, confirm
from permissions.review.queries import progress
from permissions.review.terms import term_of
from permissions.roles import Role
from permissions.scope import holdings, today
from portal import limits
from portal.web.refusal import Refusal
from portal.web.spreadsheet import csv_answer

_MOST_DIGITS = 6


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def review(request: HttpRequest) -> HttpResponse:
    """Show who is to be confirmed, dormant accounts first, and how far it has come; the Exams Officer confirms by ticking."""
    place = reader_of(request)
    if request.method == "POST":
        try:
            done = confirm(actor=place, places=_chosen(request))
        except NotYoursToReview as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, ngettext("%(count)s person confirmed", "%(count)s people confirmed", done) % {"count": done})
        return redirect("access-review")
    term, text = term_of(today()), request.GET.get("page", "1")
    page = int(text) if text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS else 1
    places, pages = review_page(place.centre, term, page)
    context = {
        "term": term,
        "progress": progress(place.centre, term),
        "rows": [(each, _access(each)) for each in places],
        "page": min(max(1, page), pages),
        "pages": pages,
        "days": limits.MAN4_DORMANT_DAYS,
        "may_confirm": place.role == Role.EXAMS_OFFICER,
        "overdue": today() > term.due_on,
        "reader": place,
    }
    return render(request, "accounts/review/review.html", context)


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def register_page(request: HttpRequest) -> HttpResponse:
    """Say what the register holds; the button answers with the file, and leaves an event."""
    place = reader_of(request)
    if request.method != "POST":
        return render(request, "accounts/review/register.html", {"columns": header()})
    rows = take_register(actor=place)
    name = f"account-register-{place.centre.number}-{today().isoformat()}.csv"
    return csv_answer(name=name, header=header(), rows=lines(rows))


def _access(place: Membership) -> str:
    rights = valid_rights(Role(place.role), holdings(place), today())
    return ", ".join(str(right) for right in access_in_words(rights))


def _chosen(request: HttpRequest) -> list[UUID]:
    found = []
    for text in cast("list[str]", request.POST.getlist("place"))[: limits.MAN4_PAGE]:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found
