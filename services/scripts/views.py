"""View Scripts: the candidates who have scripts, a script in the page, and a script as a file. Each page is one function for both looks."""

from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

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
from services.scripts.flow import note_look, note_opened
from services.scripts.forms import SearchForm
from services.scripts.models import Script
from services.scripts.pages import link, of_script, of_sitting, show
from services.scripts.reading import goes_on

_PURPOSE: Final = "scripts-search"


@require_safe
def index(request: CentreRequest, look: Look) -> HttpResponse:
    """List the levels of series that have scripts of the centre. Before a release this is the page of a centre that never had any."""
    found = queries.sittings(look)
    for sitting in found:
        note_look(actor=place_of(request), look=look, sitting=sitting.code, page="list")
    return show(request, "index", look, rows=[(sitting, link(look, "scripts-candidates", sitting.code)) for sitting in found])


@require_http_methods(["GET", "HEAD", "POST"])
@of_sitting
def candidates(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
    """List candidates with their scripts. "Search" posts and comes back by GET with a sealed word: no name stands in an address."""
    here = link(look, "scripts-candidates", sitting.code)
    if request.method == "POST":
        form = SearchForm(request.POST)
        sealed = seal(form.cleaned_data["search"], purpose=_PURPOSE) if form.is_valid() else ""
        return redirect(f"{here}?{urlencode({'find': sealed})}" if sealed else here)
    search = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    book = queries.candidates(look, sitting, search=search, page=number_in(request.GET.get("page", "")))
    note_look(actor=place_of(request), look=look, sitting=sitting.code, page="candidates")
    stem = f"{here}?{urlencode({'find': request.GET['find']})}&" if search else f"{here}?"
    pages = {
        "previous": f"{stem}page={book.page - 1}" if book.page > 1 else "",
        "next": f"{stem}page={book.page + 1}" if book.page < book.pages else "",
    }
    known = {"sitting": sitting, "book": book, "pages": pages, "search": search, "here": here}
    return show(request, "candidates", look, **known, form=SearchForm(initial={"search": search}))


@require_safe
@of_sitting
def script(request: CentreRequest, look: Look, sitting: OpenSitting, script: UUID) -> HttpResponse:
    """Show a script inside the page, and how to save it."""
    found = queries.script_of(look, Sitting(sitting.series.year, sitting.series.month, sitting.level), script)
    if found is None:
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting.code, page="script", script=found)
    return framing(show(request, "script", look, sitting=sitting, script=found))


@require_safe
@of_script
def shown(request: CentreRequest, look: Look, script: Script, sitting: Sitting) -> HttpResponseBase:
    """Answer with the PDF for the frame of that page."""
    return _file(request, look, sitting, script, saved=False)


@require_safe
@of_script
def file(request: CentreRequest, look: Look, script: Script, sitting: Sitting) -> HttpResponseBase:
    """Answer with the PDF to save."""
    return _file(request, look, sitting, script, saved=True)


def _file(request: CentreRequest, look: Look, sitting: Sitting, script: Script, *, saved: bool) -> HttpResponseBase:
    answer = file_answer(script.file, shown=not saved)
    if request.method == "GET" and not goes_on(request, f"{script.pk} {saved:d}"):
        note_opened(actor=place_of(request), look=look, script=script, saved=saved)
    else:
        # Another part, or its size alone, is a look as well while it is under embargo.
        note_look(actor=place_of(request), look=look, sitting=str(sitting), page="file", script=script)
    return answer
