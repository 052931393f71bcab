"""The head of centre's answer, by the reference in their e-mail: they have no account, and need none."""

from datetime import timedelta
from typing import Final

from django.db import transaction

from accounts.events import Event
from accounts.models import Stage, Succession
from accounts.succession.messages import tell
from accounts.succession.reference import digest_of
from accounts.succession.refusals import BadCaseReference
from portal import clock, limits
from portal.audit.record import record
from portal.ratelimit import allow
from portal.web import origin

_TRIES: Final = (limits.SUCCESSION_TRIES_PER_HOUR, 3600)
"""Wrong references of one client address in an hour; right ones cost nothing."""


def answer(*, reference: str, confirmed: bool) -> Succession:
    """Confirm or decline the case that a reference belongs to; it works once. Confirming changes no account: staff decide.

    Raises `BadCaseReference`, the same for an unknown, a used and an old reference and for too many tries.
    """
    taken = allow.take(allow.Ask("succession-reference", origin.current().counted_as, (_TRIES,)))
    if taken is None:
        raise BadCaseReference()
    case = _answer(digest_of(reference), confirmed)
    allow.give_back(taken)
    return case


@transaction.atomic
def _answer(digest: str, confirmed: bool) -> Succession:
    now = clock.now()
    rows = Succession.objects.select_for_update(of=("self",)).select_related("centre", "asked_by")
    case = rows.filter(digest=digest, stage=Stage.HEAD, expires_at__gt=now, centre__frozen_at=None).first()
    if case is None:
        raise BadCaseReference()
    case.digest, case.answered_at = "", now
    if confirmed:
        case.stage, case.expires_at = Stage.STAFF, now + timedelta(days=limits.SUCCESSION_DECIDE_DAYS)
    else:
        case.stage, case.decided_at = Stage.DECLINED, now
    case.save(update_fields=["digest", "answered_at", "stage", "expires_at", "decided_at"])
    event = Event.SUCCESSION_CONFIRMED if confirmed else Event.SUCCESSION_DECLINED
    record(event, subject=case, centre=case.centre, head=case.head_name)
    tell(case)
    return case
