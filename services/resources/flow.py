"""The deed on resources that leaves a line in the centre's trail: opening a question paper before it is everybody's."""

from django.db import transaction

from permissions.models import Membership
from portal.audit.record import record
from services.resources.events import Event
from services.resources.models import Resource


@transaction.atomic
def note_opened(*, actor: Membership, resource: Resource) -> None:
    """Record that somebody took a question paper before the exam."""
    record(
        Event.PAPER_OPENED, actor=actor.user, subject=resource, centre=actor.centre, file=resource.file.name, sha256=resource.file.digest
    )
