"""A demonstration's scripts: made-up pages of made-up candidates, published and released through the same deeds as real ones."""

from datetime import timedelta
from itertools import groupby
from typing import Any, Final

from django.db import transaction

from accounts.models import User
from portal import clock
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Component, Entry, SeriesLevel
from services.files.models import FileKind, PublishedFile
from services.formats.typeset import Document
from services.releases.artefacts import Artefact
from services.releases.flow import approve, propose
from services.scripts.publishing import publish_script

_CANDIDATES: Final = 5
"""Candidates of a centre and level who have scripts."""
_EACH: Final = 2
_ANSWERS: Final = (
    ("1", "36 = 2 x 2 x 3 x 3", "2", "2"),
    ("2", "x = 7, because 3x = 21", "3", "3"),
    ("3", "The angles of a triangle add up to 180, so the third is 65", "4", "3"),
    ("4", "No answer", "3", "0"),
    ("5", "15 per cent of 80 is 12, so the new price is 68", "5", "4"),
)
"""Number, answer, maximum and mark."""


def fill(**_signal: Any) -> None:
    """Fill in what is missing, once. Told by the command that only demonstrations have."""
    staff = list(User.objects.filter(is_staff=True).order_by("email")[:2])
    if len(staff) < 2 or PublishedFile.objects.filter(kind=FileKind.SCRIPT).exists():  # noqa: PLR2004  (a release takes two people)
        return
    for where in SeriesLevel.objects.select_related("series").order_by("pk"):
        _publish(staff, where)


@transaction.atomic
def _publish(staff: list[User], where: SeriesLevel) -> None:
    """Publish scripts of a level to the first candidates of each centre who are entered for something with a component."""
    level = ExamLevel(where.level)
    entries = Entry.objects.filter(candidate__series=where.series, option__qualification__level=level, option__components__isnull=False)
    people = Candidate.objects.filter(pk__in=entries.values("candidate")).select_related("centre").order_by("centre__number", "number")
    chosen = [one for _centre, group in groupby(people, lambda one: one.centre_id) for one in list(group)[:_CANDIDATES]]
    for one in chosen:
        parts = Component.objects.filter(options__entries__candidate=one, options__qualification__level=level).distinct().order_by("code")
        for part in parts[:_EACH]:
            publish_script(
                actor=staff[0], series=where.series, level=level, centre=one.centre.number, candidate=one.number, component=part.code,
                content=_script(one, part),
            )  # fmt: skip
    if chosen:
        _release(staff, where)


def _script(candidate: Candidate, component: Component) -> Document:
    front = (
        f"# {component.code}: {component.title_en}",
        f"Centre number: {candidate.centre.number}",
        f"Candidate number: {candidate.number}",
        "",
        "A sample for the demonstration of Portal. No candidate wrote it and no examiner marked it.",
        "Sampl ar gyfer arddangosiad Porth. Nid ymgeisydd a’i hysgrifennodd ac nid arholwr a’i marciodd.",
    )
    answers = [line for number, answer, most, mark in _ANSWERS for line in (f"# {number}", answer, f"Mark: {mark} of {most}", "")]
    return Document(title=f"{component.code} {candidate.number}", language="en", pages=(front, tuple(answers)))


def _release(staff: list[User], where: SeriesLevel) -> None:
    """Release everything a month ago, but what was examined this month is under embargo since yesterday, until tomorrow."""
    now = clock.now()
    late = (where.series.year, where.series.month) >= (now.year, now.month)
    general = now + timedelta(days=1) if late else now - timedelta(days=30)
    change = propose(
        actor=staff[0], series=where.series, level=ExamLevel(where.level), kind=Artefact.SCRIPTS, reason="Demonstration",
        restricted_at=general - timedelta(days=2), general_at=general,
    )  # fmt: skip
    approve(actor=staff[1], change=change)
