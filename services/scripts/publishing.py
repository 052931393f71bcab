"""Publish a marked script: matched with an entry, checked as a PDF, kept in quarantine, a new version beside the old (SVC-7)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.helpdesk.staff import may
from accounts.models import User
from portal.audit.record import record
from services.exams.levels import ExamLevel
from services.exams.models import Candidate, Component, Entry, Series
from services.files.keeping import keep_file
from services.files.models import FileKind
from services.formats.typeset import Document
from services.scripts.events import Event
from services.scripts.models import Script
from services.scripts.refusals import NoSuchCandidate, NoSuchComponent, NotEntered

MAY_PUBLISH = "scripts.add_script"


@transaction.atomic
def publish_script(
    *, actor: User, series: Series, level: ExamLevel, centre: str, candidate: str, component: str, content: bytes | Document
) -> Script:
    """Publish a candidate's script in a component, by the numbers that name them. Nobody is shown it before its release and a clean scan.

    A `Document` is one that a demonstration makes for itself.

    Raises `NoSuchCandidate`, `NoSuchComponent`, `NotEntered`, `BadFile`, and `PermissionDenied` for anybody who may not.
    """
    if not may(actor, MAY_PUBLISH):
        raise PermissionDenied
    # Held, so that two versions of one script come one after the other.
    held = Candidate.objects.select_for_update(no_key=True, of=("self",)).filter(series=series, centre__number=centre, number=candidate)
    person = held.select_related("centre").first()
    if person is None:
        raise NoSuchCandidate()
    part = Component.objects.filter(code=component, options__qualification__level=level).first()
    if part is None:
        raise NoSuchComponent()
    if not Entry.objects.filter(candidate=person, option__components=part, withdrawn_at=None).exists():
        raise NotEntered()
    stem = f"{person.centre.number}-{series.code}-{person.number}-{part.code}".replace("/", "-")
    kept = keep_file(actor=actor, kind=FileKind.SCRIPT, name=f"{stem}.pdf", content=content)
    earlier = Script.objects.behind_the_gate().filter(candidate=person, component=part)
    version = earlier.count() + 1
    earlier.filter(current=True).update(current=False)
    made = Script.objects.create(
        centre=person.centre, series=series, level=level, candidate=person, component=part, file=kept, version=version, published_by=actor
    )
    known: dict[str, Any] = {"series": series.code, "level": str(level), "candidate": person.number, "component": part.code}
    # Not in the centre's trail: a script that waits for its release does not exist for the centre.
    record(Event.SCRIPT_PUBLISHED, actor=actor, subject=made, **known, centre_of=person.centre.number, version=version, sha256=kept.digest)
    return made
