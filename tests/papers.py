"""Files for tests: scripts and papers of a candidate, kept and clean, each in a line."""

from datetime import datetime
from typing import Any

from accounts.models import User
from permissions.models import Centre
from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Component, Entry, OptionComponent, Series
from services.files.keeping import keep_file
from services.files.models import FileKind, FileState, PublishedFile
from services.resources.models import Resource
from services.scripts.models import Script
from tests.exams import make_candidate, make_option, make_sitting
from tests.services.formats.pdfs import plain_pdf


def make_component(code: str = "3300/01") -> Component:
    """Make a component of GCSE Mathematics, or return it."""
    titles = {"title_en": "Unit 1: without a calculator", "title_cy": "Uned 1: heb gyfrifiannell"}
    component, _made = Component.objects.get_or_create(code=code, defaults={"maximum": 80, **titles})
    OptionComponent.objects.get_or_create(option=make_option(), component=component)
    return component


def enter(centre: Centre, number: int = 1) -> Candidate:
    """Enter a candidate of November 2026 for GCSE Mathematics."""
    candidate = make_candidate(centre, make_sitting(), number)
    make_component()
    Entry.objects.get_or_create(candidate=candidate, option=make_option())
    return candidate


def make_clean(kept: PublishedFile) -> PublishedFile:
    """Let a file out of quarantine as a scan does."""
    PublishedFile.objects.filter(pk=kept.pk).update(state=FileState.CLEAN, said="OK", scanned_at=clock.now())
    kept.refresh_from_db()
    return kept


def make_script(centre: Centre, number: int = 1, *, by: User | None = None) -> Script:
    """Give a candidate a clean script in 3300/01."""
    candidate, component = enter(centre, number), make_component()
    kept = make_clean(
        keep_file(actor=by or User.objects.get(email="staff@board.example"), kind=FileKind.SCRIPT, name="Script.pdf", content=plain_pdf())
    )
    known: dict[str, Any] = {"centre": centre, "series": candidate.series, "level": ExamLevel.LEVEL_2}
    made: Script = Script.objects.create(candidate=candidate, component=component, file=kept, **known)
    return made


def make_resource(
    *,
    kind: str = "paper",
    general: datetime | None = None,
    starts: datetime | None = None,
    title: str = "Mathematics Unit 1",
    language: str = "en",
    year: int = 2026,
    content: bytes = b"",
    **more: Any,
) -> Resource:
    """Make a clean resource of GCSE Mathematics: everybody's since now unless said; one with a start is confirmed by another."""
    component = make_component()
    staff = User.objects.get(email="staff@board.example")
    kept = make_clean(keep_file(actor=staff, kind=FileKind(kind), name=f"{title}.pdf", content=content or plain_pdf()))
    qualification = make_option().qualification
    times = {
        "starts_at": starts,
        "general_at": general if general or starts else clock.now(),
        "confirmed_at": clock.now() if starts else None,
    }
    known = {"kind": kind, "language": language, "year": year, "month": 11, "title_en": title, "title_cy": f"{title} (C)", "file": kept}
    made: Resource = Resource.objects.create(
        subject=qualification.subject, qualification=qualification, component=component, **known, **(times | more)
    )
    return made


def series() -> Series:
    """November 2026."""
    return make_sitting().series
