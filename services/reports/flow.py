"""Deeds on reports that leave a line in the centre's trail: looking at one under embargo, and taking a file away."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from permissions.models import Membership
from portal.audit.record import record
from services.exams.models import Candidate
from services.releases.gate import Look, Sight
from services.releases.sittings import OpenSitting
from services.reports.events import Event


@dataclass(frozen=True, slots=True)
class ReportCsv:
    """A report as a file: its name without the ending, the number of the latest issue in it, and what it holds."""

    stem: str
    version: int
    content: bytes


def note_look(*, actor: Membership, look: Look, sitting: OpenSitting, page: str, candidate: Candidate | None = None) -> None:
    """Record that somebody looks at a report under embargo; of released ones nothing is kept, and no transaction is begun for it."""
    if look.sight is not Sight.EMBARGOED:
        return
    seen = {"candidate": candidate.number} if candidate else {}
    with transaction.atomic():
        record(
            Event.EMBARGOED_REPORT_SEEN,
            actor=actor.user,
            subject=candidate or look.centre,
            centre=look.centre,
            sitting=sitting.code,
            page=page,
            **seen,
        )


@transaction.atomic
def note_download(*, actor: Membership, look: Look, sitting: OpenSitting, made: ReportCsv, taken: bool) -> None:
    """Record that a file leaves the Portal; a question about it only (HEAD) tells size and hash, so under embargo it is a look."""
    if not taken:
        note_look(actor=actor, look=look, sitting=sitting, page="file")
        return
    kept = {"file": f"{made.stem}.csv", "version": made.version, "sha256": hashlib.sha256(made.content).hexdigest()}
    under = look.sight is Sight.EMBARGOED
    record(Event.REPORT_DOWNLOADED, actor=actor.user, subject=look.centre, centre=look.centre, **kept, under_embargo=under)
