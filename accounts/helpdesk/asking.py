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
        context = {**site.each_context(request), "question": question, "title": question.title}
        return render(request, "admin/confirm.html", context)
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
