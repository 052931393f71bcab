"""Item Level Data: a centre in context, its candidates, and one candidate's marks, each as page and file."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from urllib.parse import urlencode
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from permissions.request import CentreRequest
from portal.web.paging import number_in
from portal.web.sealed import seal, unseal
from services.exams.models import Component
from services.releases.artefacts import Artefact
from services.releases.gate import Look
from services.releases.looking import place_of
from services.releases.sittings import OpenSitting
from services.reports.flow import note_look
from services.reports.items import queries
from services.reports.items.charts import Pair, charts_of
from services.reports.items.figures import GROUPS, rounded
from services.reports.items.file import context_file, marks_file
from services.reports.items.forms import SearchForm
from services.reports.pages import give, link, listed, of_sitting, show

P = ParamSpec("P")
_PURPOSE: Final = "item-candidates-search"


def of_paper(page: Callable[Concatenate[CentreRequest, Look, OpenSitting, Component, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give a page the paper it asks for, if this look may see the centre's marks in it now."""

    @wraps(page)
    def looked_for(request: CentreRequest, look: Look, sitting: OpenSitting, paper: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        found = queries.paper_of(look, sitting, paper)
        if found is None:
            raise Http404
        return page(request, look, sitting, found, *args, **kwargs)

    return of_sitting(Artefact.ITEM_DATA)(cast("Any", looked_for))


@require_safe
def index(request: CentreRequest, look: Look) -> HttpResponse:
    """List the papers with item data of the centre. Before a release this is the page of a centre that never had any."""
    found = queries.papers(look)
    rows = [
        (
            sitting,
            [(paper, link(look, "item-level-data-paper", sitting.code, paper.code)) for paper in found[sitting.series.pk, sitting.level]],
        )
        for sitting in listed(look, Artefact.ITEM_DATA)
        if (sitting.series.pk, sitting.level) in found
    ]
    for sitting, _papers in rows:
        note_look(actor=place_of(request), look=look, sitting=sitting, page="items")
    return show(request, "items_index", look, rows=rows)


@require_safe
@of_paper
def paper(request: CentreRequest, look: Look, sitting: OpenSitting, paper: Component) -> HttpResponse:
    """Show the centre in context: figures of each item beside those of all centres, for everybody or by sex."""
    asked = request.GET.get("group", "")
    group = asked if asked in GROUPS else GROUPS[0]
    note_look(actor=place_of(request), look=look, sitting=sitting, page="item comparison")
    rows = [(one.item, *one.groups[group]) for one in queries.compared(look, sitting, paper)]
    facility = [Pair(item.label, mine.facility, theirs.facility, mine.hidden) for item, mine, theirs in rows]
    attempted = [Pair(item.label, mine.attempted, theirs.attempted, mine.hidden) for item, mine, theirs in rows]
    hidden = any(side.hidden for _item, *sides in rows for side in sides)
    return _show(
        request, "paper", look, sitting, paper, rows=rows, group=group, hidden=hidden,
        facility=charts_of("facility", facility), attempted=charts_of("attempted", attempted),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@of_paper
def candidates(request: CentreRequest, look: Look, sitting: OpenSitting, paper: Component) -> HttpResponse:
    """List the candidates of a paper. "Search" posts and comes back by GET with a sealed word: no name stands in an address."""
    here = link(look, "item-level-data-candidates", sitting.code, paper.code)
    if request.method == "POST":
        form = SearchForm(request.POST)
        sealed = seal(form.cleaned_data["search"], purpose=_PURPOSE) if form.is_valid() else ""
        return redirect(f"{here}?{urlencode({'find': sealed})}" if sealed else here)
    search = unseal(request.GET.get("find", ""), purpose=_PURPOSE)
    book = queries.candidates(look, sitting, paper, search=search, number=number_in(request.GET.get("page", "")))
    note_look(actor=place_of(request), look=look, sitting=sitting, page="item candidates")
    stem = f"{here}?{urlencode({'find': request.GET['find']})}&page=" if search else f"{here}?page="
    around = {
        "previous": f"{stem}{book.number - 1}" if book.number > 1 else "",
        "next": f"{stem}{book.number + 1}" if book.number < book.pages else "",
    }
    return _show(
        request, "item_candidates", look, sitting, paper, book=book, form=SearchForm(initial={"search": search}), search=search, **around
    )  # fmt: skip


@require_safe
@of_paper
def candidate(request: CentreRequest, look: Look, sitting: OpenSitting, paper: Component, candidate: UUID) -> HttpResponse:
    """Show one candidate's mark for each item, beside the mean of the centre and of all centres."""
    person, versions = queries.candidate_of(look, sitting, paper, candidate)
    if person is None:
        raise Http404
    note_look(actor=place_of(request), look=look, sitting=sitting, page="item marks", candidate=person)
    rows = [
        (one.item, versions[one.item.label], *one.groups["all"])
        for one in queries.compared(look, sitting, paper)
        if one.item.label in versions
    ]
    pairs = [
        Pair(item.label, None if marks[0].mark is None else rounded(marks[0].mark * 1000, item.maximum), theirs.facility)
        for item, marks, _mine, theirs in rows
    ]
    return _show(
        request, "item_candidate", look, sitting, paper, person=person, rows=rows, charts=charts_of("marks", pairs),
        total=sum(marks[0].mark or 0 for _item, marks, *_figures in rows),
    )  # fmt: skip


@require_safe
@of_paper
def file(request: CentreRequest, look: Look, sitting: OpenSitting, paper: Component) -> HttpResponse:
    """Answer with the marks of all candidates of a paper as CSV."""
    return give(request, look, sitting, marks_file(look, sitting, paper))


@require_safe
@of_paper
def figures_file(request: CentreRequest, look: Look, sitting: OpenSitting, paper: Component) -> HttpResponse:
    """Answer with the comparison as CSV."""
    return give(request, look, sitting, context_file(look, sitting, paper))


def _show(request: CentreRequest, page: str, look: Look, sitting: OpenSitting, paper: Component, **more: object) -> HttpResponse:
    names = {"paper_link": "paper", "candidates_link": "candidates", "file": "file", "figures": "figures"}
    links = {name: link(look, f"item-level-data-{tail}", sitting.code, paper.code) for name, tail in names.items()}
    index = link(look, "item-level-data")
    return show(request, page, look, sitting=sitting, paper=paper, index=index, **links, **more)
