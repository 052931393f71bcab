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
from services.results.edi_file import edi_of
from services.results.events import Event
from services.results.file import HEADER, lines_of
from services.results.queries import current


@dataclass(frozen=True, slots=True)
class ResultsFile:
    """A centre's results of a sitting as one file: its name and the ending apart, the number of the latest issue in it, and what it holds."""

    stem: str
    extension: str
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
def results_file(*, actor: Membership, look: Look, sitting: OpenSitting, taken: bool, edi: bool = False) -> ResultsFile | None:
    """Return the results file as CSV or EDI, or None while this look may not see it. `taken`: it leaves the Portal, which the trail keeps.

    A question about it only (HEAD) tells size and hash, so under embargo it is a look.
    """
    made = (_edi if edi else _csv)(look, sitting)
    if not made.version:
        return None
    if taken:
        name, digest = f"{made.stem}.{made.extension}", hashlib.sha256(made.content).hexdigest()
        kept = {"file": name, "version": made.version, "sha256": digest}
        under = look.sight is Sight.EMBARGOED
        record(Event.RESULTS_FILE_DOWNLOADED, actor=actor.user, subject=look.centre, centre=look.centre, **kept, under_embargo=under)
    else:
        note_look(actor=actor, look=look, sitting=sitting, page="file")
    return made


def _csv(look: Look, sitting: OpenSitting) -> ResultsFile:
    version, lines = lines_of(current(look, sitting, Artefact.RESULTS_FILE))
    stem = f"results-{look.centre.number}-{sitting.code}-v{version}"
    return ResultsFile(stem, "csv", version, csv_bytes(header=HEADER, rows=lines))


def _edi(look: Look, sitting: OpenSitting) -> ResultsFile:
    version, name, content = edi_of(look.centre, sitting, current(look, sitting, Artefact.RESULTS_FILE))
    stem, _dot, extension = name.partition(".")
    return ResultsFile(stem, extension, version, content)
