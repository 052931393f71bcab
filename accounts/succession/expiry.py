"""A case that nobody ended in time ends by itself, and who asked is told."""

from uuid import UUID

from django.db import transaction

from accounts.events import Event
from accounts.models import Stage, Succession
from accounts.models.succession import OPEN
from accounts.succession.messages import tell
from portal import clock
from portal.audit.record import record


def end_due() -> int:
    """End the cases that have run out (UTC now); returns how many. Each is a transaction of its own."""
    due = Succession.objects.filter(stage__in=OPEN, expires_at__lte=clock.now()).values_list("pk", flat=True)
    return sum(end_if_due(pk) for pk in list(due))


@transaction.atomic
def end_if_due(pk: UUID) -> bool:
    """End one case if it has run out; says whether it did now."""
    now = clock.now()
    over = Succession.objects.filter(pk=pk, stage__in=OPEN, expires_at__lte=now)
    if not over.update(stage=Stage.EXPIRED, decided_at=now, digest=""):
        return False
    case = Succession.objects.select_related("centre", "asked_by").get(pk=pk)
    record(Event.SUCCESSION_EXPIRED, subject=case, centre=case.centre)
    tell(case)
    return True
