"""Deeds on results that leave a line in the centre's trail: looking at them under embargo, and taking the file away."""

import hashlib
from dataclasses import dataclass

from django.db import transaction

from permissions.models import Membership
from portal.audit.record import record
from portal.web.spreadsheet import csv_bytes
from services.exams.models import Candidate
from services.releases.artefacts import Artefact
from services.releases.gate import Look, Sight
from services.releases.sittings import OpenSitting
from services.results.events import Event
from services.results.file import HEADER, lines_of
from services.results.queries import current


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A centre's results of a sitting as one file: its name without the ending, the number of the latest issue in it, and what it holds."""

    stem: str
    version: int
    content: bytes


def note_look(*, actor: Membership, look: Look, sitting: OpenSitting, page: str, candidate: Candidate | None = None) -> None:
    """Record that somebody looks at results under embargo; of released ones nothing is kept, and no transaction is begun for it."""
    if look.sight is not Sight.EMBARGOED:
        return
    seen = {"candidate": candidate.number} if candidate else {}
    with transaction.atomic():
        record(
            Event.EMBARGOED_RESULTS_SEEN,
            actor=actor.user,
            subject=candidate or look.centre,
            centre=look.centre,
            sitting=sitting.code,
            page=page,
            **seen,
        )


@transaction.atomic
def results_file(*, actor: Membership, look: Look, sitting: OpenSitting, taken: bool) -> ResultsFile | None:
    """Return the results file, or None while this look may not see it. `taken`: it leaves the Portal, which the trail keeps.

    A question about it only (HEAD) tells size and hash, so under embargo it is a look.
    """
    version, lines = lines_of(current(look, sitting, Artefact.RESULTS_FILE))
    if not lines:
        return None
    content = csv_bytes(header=HEADER, rows=lines)
    stem = f"results-{look.centre.number}-{sitting.code}-v{version}"
    if taken:
        kept = {"file": f"{stem}.csv", "version": version, "sha256": hashlib.sha256(content).hexdigest()}
        under = look.sight is Sight.EMBARGOED
        record(Event.RESULTS_FILE_DOWNLOADED, actor=actor.user, subject=look.centre, centre=look.centre, **kept, under_embargo=under)
    else:
        note_look(actor=actor, look=look, sitting=sitting, page="file")
    return ResultsFile(stem, version, content)
