"""What the pages of reports share: each is one function for what is released and for what is under embargo, and has an address for both."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse

from permissions.levels import Level, Right, Service
from permissions.request import CentreRequest
from portal.web.downloads import attachment
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.releases.looking import EMBARGO, place_of
from services.releases.sittings import OpenSitting, open_sittings
from services.reports.flow import ReportCsv, note_download

P = ParamSpec("P")
RELEASED: Final[Right] = (Service.RESULTS, Level.VIEW_RELEASED)
_EMBARGO: Final = "embargoed-"


def of_sitting(
    kind: Artefact,
) -> Callable[[Callable[Concatenate[CentreRequest, Look, OpenSitting, P], HttpResponse]], Callable[..., HttpResponse]]:
    """Give a page the sitting it asks for, if this kind is open for its look now; what is out by now has left the embargo's pages."""

    def decorate(page: Callable[Concatenate[CentreRequest, Look, OpenSitting, P], HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def looked_for(request: CentreRequest, look: Look, sitting: Sitting, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            found = open_sittings(look.sight, kind, only=sitting)
            if not found:
                raise Http404
            if look.sight is Sight.EMBARGOED and kind in found[0].out:
                match = cast("ResolverMatch", request.resolver_match)
                return cast("HttpResponse", redirect(str(match.url_name).removeprefix(_EMBARGO), **match.kwargs))
            return page(request, look, found[0], *args, **kwargs)

        return looked_for

    return decorate


def listed(look: Look, kind: Artefact) -> list[OpenSitting]:
    """Return the sittings in which a kind is open for a look; under embargo those that are not out yet."""
    return [one for one in open_sittings(look.sight, kind) if look.sight is Sight.RELEASED or kind not in one.out]


def link(look: Look, name: str, *args: object) -> str:
    """Return the address of a page for a look."""
    return reverse(f"{_EMBARGO}{name}" if look.sight is Sight.EMBARGOED else name, args=args)


def show(request: CentreRequest, page: str, look: Look, **more: Any) -> HttpResponse:
    """Answer with a page; whoever may see what is under embargo is led there, whether or not there is anything."""
    known = {"embargo": look.sight is Sight.EMBARGOED, "may_early": look.sight is Sight.RELEASED and EMBARGO in request.rights}
    return render(request, f"services/reports/{page}.html", known | more)


def give(request: CentreRequest, look: Look, sitting: OpenSitting, made: ReportCsv) -> HttpResponse:
    """Answer with a file, which the trail keeps; an empty one is as absent as what never was."""
    if not made.version:
        raise Http404
    note_download(actor=place_of(request), look=look, sitting=sitting, made=made, taken=request.method == "GET")
    return attachment(made.content, stem=made.stem, extension="csv")
