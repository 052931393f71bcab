"""Read boundaries through the gate, in as many queries for a thousand as for one."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, Final

from django.db.models import Prefetch

from portal.folding import fold
from services.exams.models import Option, Qualification
from services.releases.artefacts import Artefact
from services.releases.gate import Look
from services.releases.sittings import OpenSitting
from services.reports.models import NotionalBoundary, SubjectBoundary

MODELS: Final[Mapping[Artefact, Any]] = MappingProxyType(
    {Artefact.SUBJECT_BOUNDARIES: SubjectBoundary, Artefact.NOTIONAL_BOUNDARIES: NotionalBoundary}
)
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Boundary:
    """The boundaries of one thing that count, with the versions before, latest first, and what they belong to."""

    now: Any
    before: list[Any]
    of: Option | Any
    qualification: Qualification


def has_any(look: Look, kind: Artefact) -> set[tuple[int, str]]:
    """Return the series and levels of which this look sees boundaries of a kind now."""
    rows = MODELS[kind].objects.seen_by(look).filter(current=True).order_by()
    return set(rows.values_list("series", "level").distinct())


def boundaries(look: Look, sitting: OpenSitting, kind: Artefact) -> list[Boundary]:
    """Return all boundaries of a kind of a sitting, by qualification and code."""
    of = "option" if kind is Artefact.SUBJECT_BOUNDARIES else "component"
    rows = MODELS[kind].objects.seen_by(look).filter(series=sitting.series, level=sitting.level).select_related("issue", of)
    if of == "option":
        rows = rows.select_related("option__qualification__subject")
    else:
        taken = Option.objects.filter(qualification__level=sitting.level).select_related("qualification__subject").order_by("code")
        rows = rows.prefetch_related(Prefetch("component__options", queryset=taken, to_attr="found"))
    found = list[Boundary]()
    for _key, versions in groupby(rows.order_by(f"{of}__code", "tier", "-version"), key=lambda row: (getattr(row, f"{of}_id"), row.tier)):
        now, *before = versions
        thing = getattr(now, of)
        options = [thing] if of == "option" else thing.found[:1]
        found += [Boundary(now, before, thing, option.qualification) for option in options]
    return sorted(found, key=lambda one: (one.qualification.code, one.of.code, one.now.tier))


def narrowed(found: list[Boundary], *, words: str, kind: str, tier: str) -> list[Boundary]:
    """Keep what somebody looks for: words in titles and codes of both languages, a kind of qualification, a tier."""
    wanted = fold(words).split()[:_MOST_WORDS]
    return [
        one
        for one in found
        if (not kind or one.qualification.kind == kind)
        and (not tier or one.now.tier == tier)
        and all(word in _searched(one) for word in wanted)
    ]


def _searched(one: Boundary) -> str:
    of, whole = one.of, one.qualification
    return fold(
        f"{of.code} {of.title_en} {of.title_cy} {whole.code} {whole.title_en} {whole.title_cy} {whole.subject.title_en} {whole.subject.title_cy}"
    )
