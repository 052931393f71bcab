"""The deed on scripts that leaves a line in the centre's trail: opening one, in the page or as a file."""

from django.db import transaction

from permissions.models import Membership
from portal.audit.record import record
from services.scripts.events import Event
from services.scripts.models import Script


@transaction.atomic
def note_opened(*, actor: Membership, script: Script, saved: bool) -> None:
    """Record that somebody reads a script, or saves it."""
    record(
        Event.SCRIPT_DOWNLOADED if saved else Event.SCRIPT_OPENED,
        actor=actor.user,
        subject=script.candidate,
        centre=actor.centre,
        component=script.component.code,
        candidate=script.candidate.number,
        file=script.file.name,
        version=script.version,
        sha256=script.file.digest,
    )
