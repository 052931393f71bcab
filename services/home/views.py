"""The home page and All Services."""

from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from permissions.guards import signed_in
from permissions.request import CentreRequest
from permissions.roles import Role
from permissions.scope import managers_of
from services.catalogue import Offer, offers
from services.home.cards import card
from services.home.search import LONGEST_QUERY, matching


@signed_in
@require_safe
def home(request: CentreRequest) -> HttpResponse:
    """Greet the person and list what they may open."""
    if request.must_choose_centre:
        return redirect("choose-centre")
    language = get_language() or "en"
    cards = [card(offer.tile.url_name, language) for offer in _offers(request) if offer.is_open]
    return render(request, "services/home/home.html", {"cards": cards})


@signed_in
@require_safe
def all_services(request: CentreRequest) -> HttpResponse:
    """Show the groups of the guide with what the person may open as links and what they could ask for as text (SVC)."""
    if request.must_choose_centre:
        return redirect("choose-centre")
    query = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    found = matching(_offers(request), query)
    membership = request.membership
    to_ask = membership is not None and any(not offer.is_open for offer in found)
    context = {
        "query": query,
        "count": len(found),
        "groups": [(group, list(members)) for group, members in groupby(found, key=lambda offer: offer.tile.group)],
        "managers": [place for place in managers_of(membership.centre) if place.pk != membership.pk] if membership and to_ask else [],
    }
    return render(request, "services/home/all_services.html", context)


def _offers(request: CentreRequest) -> list[Offer]:
    """Return what the catalogue offers this person at their chosen centre; nothing to somebody without one."""
    if request.membership is None:
        return []
    return offers(Role(request.membership.role), request.rights)
