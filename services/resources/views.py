"""Past papers, marking schemes and subject-specific support material: the list, a subject's page, one file, a selection as zip."""

from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from permissions.freshness import is_fresh
from permissions.guards import needs
from permissions.levels import Level, Service
from permissions.refused import MustProveAgain
from permissions.request import CentreRequest
from portal.pages.errors import unavailable
from portal.web.downloads import stored
from portal.web.paging import number_in
from portal.web.refusal import Refusal
from services.files.serving import file_answer
from services.releases.looking import clock_is_off, place_of
from services.resources import queries
from services.resources.flow import note_opened
from services.resources.forms import FilterForm
from services.resources.gate import Reader
from services.resources.rules import reader_of
from services.resources.zipped import zip_of

RIGHT: Final = (Service.RESOURCES, Level.VIEW)


@needs(*RIGHT)
@require_safe
def past_papers(request: CentreRequest) -> HttpResponse:
    """Search everything, with the question papers of today above it for those who take them."""
    reader = _reader(request)
    return _list(request, {"today": queries.todays(reader), "subjects": queries.subjects(reader)})


@needs(*RIGHT)
@require_safe
def of_subject(request: CentreRequest, subject: str) -> HttpResponse:
    """Show one subject's support material."""
    found = next((one for one in queries.subjects(_reader(request)) if one.slug == subject), None)
    if found is None:
        raise Http404
    return _list(request, {"subject": found}, subject=subject)


@needs(*RIGHT)
@require_safe
def file(request: CentreRequest, resource: UUID) -> HttpResponseBase:
    """Answer with a file to save; before the exam, to whoever proved a factor in the last 15 minutes (P19), by a clock that agrees (P22)."""
    place = place_of(request)
    found = queries.resource_of(_reader(request), resource)
    if found is None:
        raise Http404
    early = not found.everybodys  # type: ignore[attr-defined]
    if early and not is_fresh(request):
        raise MustProveAgain()
    if early and clock_is_off():
        return unavailable(request)
    answer = file_answer(found.file)
    if early and request.method == "GET":
        note_opened(actor=place, resource=found)
    return answer


@needs(*RIGHT)
@require_POST
def selection(request: CentreRequest) -> HttpResponseBase:
    """Answer with the files that were ticked, as one zip file."""
    place = place_of(request)
    keys = _ids(request)
    try:
        path = zip_of(actor=place, resources=queries.chosen(_reader(request), keys), asked=len(keys))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("past-papers")
    return stored(path, stem=_("past papers"), extension="zip")


def _list(request: CentreRequest, more: dict[str, Any], **fixed: str) -> HttpResponse:
    reader = _reader(request)
    subjects = more.get("subjects") or queries.subjects(reader)
    form = FilterForm(request.GET, subjects=subjects, years=queries.years(reader))
    narrowed = form.narrowed() | fixed
    words = form.cleaned_data.get("q", "")
    book = queries.page_of(reader, words=words, narrowed=narrowed, page=number_in(request.GET.get("page", "")))
    asked = {name: value for name, value in {"q": words, **form.narrowed()}.items() if value}
    pages = {
        "previous": f"?{urlencode({**asked, 'page': book.page - 1})}" if book.page > 1 else "",
        "next": f"?{urlencode({**asked, 'page': book.page + 1})}" if book.page < book.pages else "",
    }
    return render(request, "services/resources/list.html", {"form": form, "book": book, "pages": pages, "asked": asked} | more)


def _reader(request: CentreRequest) -> Reader:
    return reader_of(place_of(request), held=request.is_held)


def _ids(request: HttpRequest) -> list[UUID]:
    """Read the ids that were ticked, each once; what is none is nothing (A153)."""
    found: dict[UUID, None] = {}
    for text in request.POST.getlist("file"):
        try:
            found[UUID(text)] = None
        except ValueError:
            continue
    return list(found)
