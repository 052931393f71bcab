"""Deeds on scripts that leave a line in the centre's trail: looking at them under embargo, and opening one, in the page or as a file."""

from permissions.models import Membership
from portal.audit.record import record
from services.releases.gate import Look, Sight
from services.scripts.events import Event
from services.scripts.models import Script


def note_opened(*, actor: Membership, look: Look, script: Script, saved: bool) -> None:
    """Record that somebody reads a script, or saves it: one statement, and so a transaction by itself."""
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
        under_embargo=look.sight is Sight.EMBARGOED,
    )


def note_look(*, actor: Membership, look: Look, sitting: str, page: str, script: Script | None = None) -> None:
    """Record that somebody looks at scripts under embargo; of released ones only opening is kept. `sitting` as addresses name it."""
    if look.sight is not Sight.EMBARGOED:
        return
    seen = {"candidate": script.candidate.number, "component": script.component.code} if script else {}
    record(
        Event.EMBARGOED_SCRIPTS_SEEN,
        actor=actor.user,
        subject=script.candidate if script else look.centre,
        centre=look.centre,
        sitting=sitting,
        page=page,
        **seen,
    )
