"""Deeds on results that leave a line in the centre's trail: looking at them under embargo, and taking the file away."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from permissions.models import Membership
from portal.web.spreadsheet import csv_bytes
from services.releases.artefacts import Artefact
from services.releases.gate import Look
from services.releases.noting import Noted
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


_noted: Final = Noted(Event.EMBARGOED_RESULTS_SEEN, Event.RESULTS_FILE_DOWNLOADED)
note_look = _noted.look


@transaction.atomic
def results_file(*, actor: Membership, look: Look, sitting: OpenSitting, taken: bool, edi: bool = False) -> ResultsFile | None:
    """Return the results file as CSV or EDI, or None while this look may not see it. `taken`: it leaves the Portal, which the trail keeps."""
    made = (_edi if edi else _csv)(look, sitting)
    if not made.version:
        return None
    name = f"{made.stem}.{made.extension}"
    _noted.download(actor=actor, look=look, sitting=sitting, name=name, version=made.version, content=made.content, taken=taken)
    return made


def _csv(look: Look, sitting: OpenSitting) -> ResultsFile:
    version, lines = lines_of(current(look, sitting, Artefact.RESULTS_FILE))
    stem = f"results-{look.centre.number}-{sitting.code}-v{version}"
    return ResultsFile(stem, "csv", version, csv_bytes(header=HEADER, rows=lines))


def _edi(look: Look, sitting: OpenSitting) -> ResultsFile:
    version, name, content = edi_of(look.centre, sitting, current(look, sitting, Artefact.RESULTS_FILE))
    stem, _dot, extension = name.partition(".")
    return ResultsFile(stem, extension, version, content)
