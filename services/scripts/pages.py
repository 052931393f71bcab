"""What the pages of scripts share: each is one function for what is released and for what is under embargo, and has an address for both."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse

from permissions.levels import Level, Right, Service
from permissions.request import CentreRequest
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.releases.looking import EMBARGO
from services.releases.sittings import OpenSitting
from services.scripts import queries
from services.scripts.models import Script

P = ParamSpec("P")
RIGHT: Final[Right] = (Service.VIEW_SCRIPTS, Level.VIEW)
_EMBARGO: Final = "embargoed-"


def of_sitting(page: Callable[Concatenate[CentreRequest, Look, OpenSitting, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a page the sitting it asks for, if this look may see scripts of it now; what is out by now has left the embargo's pages."""

    @wraps(page)
    def looked_for(request: CentreRequest, look: Look, sitting: Sitting, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = queries.sitting_of(look, sitting)
        if found is None:
            raise Http404
        if look.sight is Sight.EMBARGOED and Artefact.SCRIPTS in found.out:
            return _late(request)
        return page(request, look, found, *args, **kwargs)

    return looked_for


def of_script(page: Callable[[CentreRequest, Look, Script, Sitting], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a page the script it asks for by one query, which the gate is in; what is out by now has left the embargo's pages."""

    @wraps(page)
    def looked_for(request: CentreRequest, look: Look, sitting: Sitting, script: UUID) -> HttpResponseBase:
        found = queries.script_of(look, sitting, script)
        if found is None:
            raise Http404
        if look.sight is Sight.EMBARGOED and found.is_out:  # type: ignore[attr-defined]
            return _late(request)
        return page(request, look, found, sitting)

    return looked_for


def _late(request: CentreRequest) -> HttpResponse:
    """Lead on from a page of the embargo to the same one for everybody."""
    match = cast("ResolverMatch", request.resolver_match)
    return cast("HttpResponse", redirect(str(match.url_name).removeprefix(_EMBARGO), **match.kwargs))


def link(look: Look, name: str, *args: object) -> str:
    """Return the address of a page for a look."""
    return reverse(f"{_EMBARGO}{name}" if look.sight is Sight.EMBARGOED else name, args=args)


def show(request: CentreRequest, page: str, look: Look, **more: Any) -> HttpResponse:
    """Answer with a page; whoever may see what is under embargo is led there, whether or not there is anything."""
    under = look.sight is Sight.EMBARGOED
    known = {"embargo": under, "prefix": _EMBARGO if under else "", "may_early": not under and EMBARGO in request.rights}
    return render(request, f"services/scripts/{page}.html", known | more)
