"""Resend invites or remove people for several lines of the list at once: a check of what will happen, and what became of each."""

import secrets
from typing import Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.people.picked import Act, carry_out, plan
from accounts.people.queries import PAGE_SIZE, of_keys
from accounts.people.views import reader_of
from accounts.person import person_of
from permissions.guards import manages_people
from portal.ratelimit import allow

_RESULTS: Final = "picked_results"
_ONE_TURN: Final = (1, 86_400)
_LONGEST_TURN: Final = 64


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def picked_page(request: HttpRequest) -> HttpResponse:
    """Say what will happen to each; with `turn`, which this page gives out, do it. A turn counts once, however often the button is pressed."""
    act = next((one for one in Act if one.value == request.POST.get("act")), None)
    rows = of_keys(reader=reader_of(request), keys=_keys(request.POST.getlist("who")))
    planned = [(row, said) for row in rows if act is not None and (said := plan(act, row)) is not None]
    if act is None or not planned:
        messages.warning(request, _("Select people or invites in the list first"))
        return redirect("manage-users")
    turn = request.POST.get("turn", "")[:_LONGEST_TURN]
    if not turn:
        context = {"act": act.value, "planned": planned, "left_out": len(rows) - len(planned), "turn": secrets.token_urlsafe(16)}
        return render(request, "accounts/people/picked.html", context)
    if allow.try_take("picked", f"{person_of(request).pk}:{turn}", _ONE_TURN):
        done = carry_out(actor=person_of(request), act=act, rows=[row for row, _said in planned])
        request.session[_RESULTS] = [{"name": one.name, "done": one.done, "said": str(one.said)} for one in done]
    return redirect("picked-done")


@manages_people
@require_safe
def done_page(request: HttpRequest) -> HttpResponse:
    """Tell what became of each."""
    results = request.session.get(_RESULTS, [])
    return render(request, "accounts/people/picked_done.html", {"results": results, "failed": sum(not one["done"] for one in results)})


def _keys(texts: list[str]) -> list[UUID]:
    """Read the ids of a page's worth of lines, each once; anything else is left out."""
    keys: dict[UUID, None] = {}
    for text in texts[:PAGE_SIZE]:
        try:
            keys[UUID(text)] = None
        except ValueError:
            continue
    return list(keys)
