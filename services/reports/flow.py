"""Deeds on reports that leave a line in the centre's trail: looking at one under embargo, and taking a file away."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from permissions.models import Membership
from services.releases.gate import Look
from services.releases.noting import Noted
from services.releases.sittings import OpenSitting
from services.reports.events import Event


@dataclass(frozen=True, slots=True)
class ReportCsv:
    """A report as a file: its name without the ending, the number of the latest issue in it, and what it holds."""

    stem: str
    version: int
    content: bytes


_noted: Final = Noted(Event.EMBARGOED_REPORT_SEEN, Event.REPORT_DOWNLOADED)
note_look = _noted.look


@transaction.atomic
def note_download(*, actor: Membership, look: Look, sitting: OpenSitting, made: ReportCsv, taken: bool) -> None:
    """Record that a file leaves the Portal, or that somebody asks about one."""
    name = f"{made.stem}.csv"
    _noted.download(actor=actor, look=look, sitting=sitting, name=name, version=made.version, content=made.content, taken=taken)
