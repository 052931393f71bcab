"""View Scripts: the candidates who have scripts, a script in the page, and a script as a file."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from permissions.levels import Level, Service
from permissions.request import CentreRequest
from portal.web.csp import framing
from portal.web.paging import number_in
from portal.web.sealed import seal, unseal
from services.exams.sitting import Sitting
from services.files.serving import file_answer
from services.releases.gate import Look
from services.releases.looking import place_of
from services.releases.sittings import OpenSitting
from services.scripts import queries
from services.scripts.flow import note_opened
from services.scripts.forms import SearchForm
from services.scripts.models import Script
from services.scripts.reading import goes_on

P = ParamSpec("P")

RIGHT: Final = (Service.VIEW_SCRIPTS, Level.VIEW)
_PURPOSE: Final = "scripts-search"


def of_sitting(page: Callable[Concatenate[CentreRequest, Look, OpenSitting, P], HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """Give a page the sitting it asks for, if this look may see scripts of it now."""

    @wraps(page)
    def looked_for(request: CentreRequest, look: Look, sitting: Sitting, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        found = queries.sitting_of(look, sitting)
        if found is None:
            raise Http404
        return page(request, look, found, *args, **kwargs)

    return looked_for


@require_safe
def index(request: CentreRequest, look: Look) -> HttpResponse:
    """List the levels of series that have scripts of the centre. Before a release this is the page of a centre that never had any."""
    return render(request, "services/scripts/index.html", {"sittings": queries.sittings(look)})


@require_http_methods(["GET", "HEAD", "POST"])
@of_sitting
def candidates(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
    """List candidates with their scripts. "Search" posts and comes back by GET with a sealed word: no name stands in an address."""
    here = reverse("scripts-candidates", args=[sitting.code])
    if request.method == "POST":
        form = SearchForm(request.POST)
        sealed = seal(form.cleaned_data["search"], purpose=_PURPOSE) if form.is_valid() else ""
        return redirect(f"{here}?{urlencode({'find': sealed})}" if sealed else here)
    search = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    book = queries.candidates(look, sitting, search=search, page=number_in(request.GET.get("page", "")))
    stem = f"{here}?{urlencode({'find': request.GET['find']})}&" if search else f"{here}?"
    pages = {
        "previous": f"{stem}page={book.page - 1}" if book.page > 1 else "",
        "next": f"{stem}page={book.page + 1}" if book.page < book.pages else "",
    }
    known = {"sitting": sitting, "book": book, "pages": pages, "search": search, "here": here}
    return render(request, "services/scripts/candidates.html", known | {"form": SearchForm(initial={"search": search})})


@require_safe
@of_sitting
def script(request: CentreRequest, look: Look, sitting: OpenSitting, script: UUID) -> HttpResponse:
    """Show a script inside the page, and how to save it."""
    found = _found(look, sitting, script)
    return framing(render(request, "services/scripts/script.html", {"sitting": sitting, "script": found}))


@require_safe
@of_sitting
def shown(request: CentreRequest, look: Look, sitting: OpenSitting, script: UUID) -> HttpResponseBase:
    """Answer with the PDF for the frame of that page."""
    return _file(request, _found(look, sitting, script), saved=False)


@require_safe
@of_sitting
def file(request: CentreRequest, look: Look, sitting: OpenSitting, script: UUID) -> HttpResponseBase:
    """Answer with the PDF to save."""
    return _file(request, _found(look, sitting, script), saved=True)


def _file(request: CentreRequest, script: Script, *, saved: bool) -> HttpResponseBase:
    answer = file_answer(script.file, shown=not saved)
    if request.method == "GET" and not goes_on(request, f"{script.pk} {saved:d}"):
        note_opened(actor=place_of(request), script=script, saved=saved)
    return answer


def _found(look: Look, sitting: OpenSitting, pk: UUID) -> Script:
    found = queries.script_of(look, sitting, pk)
    if found is None:
        raise Http404
    return found
