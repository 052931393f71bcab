"""Candidate results: released ones, and under embargo for those who may see them before. Each page is one function for both looks."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import ResolverMatch, reverse
from django.views.decorators.http import require_http_methods, require_safe

from permissions.levels import Level, Service
from permissions.request import CentreRequest
from portal.web.downloads import attachment
from portal.web.paging import number_in, unsealed
from portal.web.sealed import seal, unseal
from services.exams.sitting import Sitting
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.releases.looking import EMBARGO, place_of
from services.releases.sittings import OpenSitting, results_days
from services.results import lines, links, queries
from services.results.flow import note_look, results_file
from services.results.forms import SearchForm
from services.results.versions import histories

P = ParamSpec("P")
SittingPage = Callable[Concatenate[CentreRequest, Look, OpenSitting, P], HttpResponse]

RELEASED: Final = (Service.RESULTS, Level.VIEW_RELEASED)
_PURPOSE: Final = "results-search"


def of_sitting(kind: Artefact) -> Callable[[SittingPage[P]], Callable[..., HttpResponse]]:
    """Give a page the sitting it asks for, if it is open for this look; a kind of thing that is out by now has left the embargo's pages."""

    def decorate(page: SittingPage[P]) -> Callable[..., HttpResponse]:
        @wraps(page)
        def looked_for(request: CentreRequest, look: Look, sitting: Sitting, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            found = queries.sitting_of(look, sitting)
            if found is None:
                raise Http404
            if look.sight is Sight.EMBARGOED and kind in found.out:
                match = cast("ResolverMatch", request.resolver_match)
                return cast("HttpResponse", redirect(str(match.url_name).replace("results-embargoed", "results"), **match.kwargs))
            return page(request, look, found, *args, **kwargs)

        return looked_for

    return decorate


@require_safe
def index(request: CentreRequest, look: Look) -> HttpResponse:
    """List the levels of series that can be looked at. Before a release this is the page of a centre that never had any."""
    found = queries.sittings(look)
    if look.sight is Sight.EMBARGOED:
        found = [sitting for sitting in found if sitting.kinds - sitting.out]
    for sitting in found:
        note_look(actor=place_of(request), look=look, sitting=sitting, page="list")
    rows = [(sitting, links.of_sitting(look, sitting)) for sitting in found]
    return render(
        request,
        "services/results/index.html",
        {"rows": rows, "embargo": look.sight is Sight.EMBARGOED, "may_embargo": EMBARGO in request.rights},
    )


@require_safe
def day(request: CentreRequest, look: Look) -> HttpResponse:  # noqa: ARG001
    """Show the announced results days and how long it is until each. The server says so anew whenever the page is opened."""
    return render(request, "services/results/day.html", {"days": results_days()})


@require_http_methods(["GET", "HEAD", "POST"])
@of_sitting(Artefact.RESULTS)
def candidates(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
    """List candidates with their grades. "Search" posts and comes back by GET with a sealed word: no name stands in an address."""
    here = links.of_sitting(look, sitting)["candidates"]
    if request.method == "POST":
        form = SearchForm(request.POST)
        sealed = seal(form.cleaned_data["search"], purpose=_PURPOSE) if form.is_valid() else ""
        return redirect(f"{here}?{urlencode({'find': sealed})}" if sealed else here)
    search = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    mark = unsealed(request.GET.get("at", ""))
    size, page = links.size_asked(request), number_in(request.GET.get("page", ""))
    book = queries.candidates(look, sitting, search=search, page=page, size=size, mark=mark)
    if not book.found and not (search and queries.current(look, sitting).exists()):
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting, page="candidates")
    pages = links.pages(here, {"find": request.GET["find"] if search else ""}, book)
    more = {"form": SearchForm(initial={"search": search}), "search": search, "book": book, "pages": pages}
    more["lines"] = lines.of_candidates(book.rows, here=here)
    return _render(request, "candidates", look, sitting, **more)


@require_safe
@of_sitting(Artefact.RESULTS)
def candidate(request: CentreRequest, look: Look, sitting: OpenSitting, candidate: UUID) -> HttpResponse:
    """Show one candidate's results with every version."""
    person, versions = queries.candidate_of(look, sitting, candidate)
    if person is None:
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting, page="candidate", candidate=person)
    return _render(request, "candidate", look, sitting, person=person, results=histories(versions))


@require_safe
@of_sitting(Artefact.RESULTS)
def subjects(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
    """List subjects and units with how many candidates have which grade."""
    options = queries.subjects(look, sitting)
    if not options:
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting, page="subjects")
    here = links.of_sitting(look, sitting)["subjects"]
    return _render(request, "subjects", look, sitting, lines=lines.of_subjects(options, here=here))


@require_safe
@of_sitting(Artefact.RESULTS)
def subject(request: CentreRequest, look: Look, sitting: OpenSitting, code: str) -> HttpResponse:
    """List the candidates of one subject or unit."""
    option, book = queries.subject_of(look, sitting, code, page=number_in(request.GET.get("page", "")), size=links.size_asked(request))
    if option is None:
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting, page="subject")
    here = reverse(f"{links.prefix(look)}-subject", args=[sitting.code, code])
    rows = lines.of_one_subject(book.rows, here=links.of_sitting(look, sitting)["candidates"])
    return _render(request, "subject", look, sitting, option=option, book=book, lines=rows, pages=links.pages(here, {}, book))


@require_safe
@of_sitting(Artefact.RESULTS_FILE)
def file(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
    """Answer with the results file, as EDI where the address says so."""
    edi = cast("Any", request.resolver_match).url_name.endswith("-edi")
    made = results_file(actor=place_of(request), look=look, sitting=sitting, taken=request.method == "GET", edi=edi)
    if made is None:
        raise Http404
    return attachment(made.content, stem=made.stem, extension=made.extension)


def _render(request: CentreRequest, page: str, look: Look, sitting: OpenSitting, **more: Any) -> HttpResponse:
    embargo = look.sight is Sight.EMBARGOED
    known = {"sitting": sitting, "links": links.of_sitting(look, sitting), "prefix": links.prefix(look), "embargo": embargo}
    return render(request, f"services/results/{page}.html", known | more)
