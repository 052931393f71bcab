"""Grade boundaries by series: of subjects and units, and the notional ones of components, each kind behind its own release."""

from collections.abc import Callable
from typing import Final
from urllib.parse import urlencode

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from permissions.request import CentreRequest
from portal import limits
from portal.web.paging import number_in, page_count
from services.releases.artefacts import Artefact
from services.releases.gate import Look
from services.releases.looking import place_of
from services.releases.sittings import OpenSitting
from services.reports.boundaries.file import file_of
from services.reports.boundaries.forms import FilterForm
from services.reports.boundaries.queries import boundaries, has_any, narrowed
from services.reports.boundaries.rows import tables_of
from services.reports.flow import note_look
from services.reports.pages import give, link, listed, of_sitting, show

KINDS: Final = {Artefact.SUBJECT_BOUNDARIES: "grade-boundaries-subject", Artefact.NOTIONAL_BOUNDARIES: "grade-boundaries-notional"}


@require_safe
def index(request: CentreRequest, look: Look) -> HttpResponse:
    """List the series whose boundaries can be looked at. Before a release this is the page of a board that never published any."""
    rows: dict[str, tuple[OpenSitting, list[tuple[Artefact, str, str]]]] = {}
    for kind, name in KINDS.items():
        some = has_any(look, kind)
        for sitting in listed(look, kind):
            if (sitting.series.pk, sitting.level) in some:
                links = (kind, link(look, name, sitting.code), link(look, f"{name}-file", sitting.code))
                rows.setdefault(sitting.code, (sitting, []))[1].append(links)
    for sitting, _links in rows.values():
        note_look(actor=place_of(request), look=look, sitting=sitting, page="boundaries")
    ordered = sorted(rows.values(), key=lambda row: (-row[0].series.year, -row[0].series.month, row[0].level))
    return show(request, "boundaries_index", look, rows=ordered)


def _page(kind: Artefact) -> Callable[..., HttpResponse]:
    @require_safe
    @of_sitting(kind)
    def page(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
        """Show a sitting's boundaries of a kind, narrowed to what is looked for."""
        found = boundaries(look, sitting, kind)
        if not found:
            raise Http404
        form = FilterForm(request.GET)
        asked = form.cleaned_data if form.is_valid() else {"words": "", "kind": "", "tier": ""}
        tables = tables_of(narrowed(found, **asked))
        pages = page_count(len(tables), limits.SVC6_PAGE)
        number = min(max(1, number_in(request.GET.get("page", ""))), pages)
        note_look(actor=place_of(request), look=look, sitting=sitting, page=kind.value)
        here, whole = link(look, KINDS[kind], sitting.code), {table.qualification.pk for table in tables}
        stem = f"{here}?{urlencode(asked)}&page="
        return show(
            request, "boundaries", look, sitting=sitting, kind=kind, here=here, file=link(look, f"{KINDS[kind]}-file", sitting.code),
            index=link(look, "grade-boundaries"), form=FilterForm(initial=asked), asked=any(asked.values()), count=len(whole),
            tables=tables[(number - 1) * limits.SVC6_PAGE : number * limits.SVC6_PAGE], number=number, pages=pages,
            previous=f"{stem}{number - 1}" if number > 1 else "", next=f"{stem}{number + 1}" if number < pages else "",
        )  # fmt: skip

    return page


def _file(kind: Artefact) -> Callable[..., HttpResponse]:
    @require_safe
    @of_sitting(kind)
    def file(request: CentreRequest, look: Look, sitting: OpenSitting) -> HttpResponse:
        """Answer with all of a sitting's boundaries of a kind as CSV."""
        return give(request, look, sitting, file_of(sitting, kind, boundaries(look, sitting, kind)))

    return file


subject, notional = map(_page, KINDS)
subject_file, notional_file = map(_file, KINDS)
