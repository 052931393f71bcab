"""Ask before a deed of the help desk: a page that says what will happen, then a POST."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.helpdesk.forms import WhyForm
from permissions.access_pages.rules import plain_words
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from django.contrib.admin import AdminSite

    from accounts.models import User


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked: the deed's name, whom it concerns, what it brings, and where to go afterwards."""

    title: Promise | str
    whom: str
    effects: Sequence[Promise | str]
    back: str


def ask(request: HttpRequest, site: "AdminSite", question: Question, deed: Callable[["User"], object]) -> HttpResponse:
    """Show the question; after a POST do the deed and go back. A refusal is shown there, and a deed without effect says so."""
    if request.method != "POST":
        return _show(request, site, question, None)
    return _do(request, question, deed)


def ask_why(
    request: HttpRequest, site: "AdminSite", question: Question, deed: Callable[["User", str], object], form: WhyForm | None = None
) -> HttpResponse:
    """Show the question with a field for the reason, which the trail keeps; after a POST with one do the deed and go back.

    `form` is one that asks more than the reason.
    """
    form = form or WhyForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _show(request, site, question, form)
    reason = plain_words(form.cleaned_data["reason"])
    return _do(request, question, lambda actor: deed(actor, reason))


def _show(request: HttpRequest, site: "AdminSite", question: Question, form: WhyForm | None) -> HttpResponse:
    context = {**site.each_context(request), "question": question, "title": question.title, "form": form}
    return render(request, "admin/confirm.html", context)


def _do(request: HttpRequest, question: Question, deed: Callable[["User"], object]) -> HttpResponse:
    try:
        done = deed(cast("User", request.user))
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
    else:
        if done is False:
            messages.warning(request, _("Nothing was changed."))
        else:
            messages.success(request, f"{question.title}: {question.whom}")
    return redirect(question.back)


def demand(request: HttpRequest, right: str) -> None:
    """Refuse staff who do not hold a right of Django's admin. Raises `PermissionDenied`."""
    if not request.user.has_perm(right):
        raise PermissionDenied
