"""Setting and moving a release takes two members of staff: one proposes, another decides (A120). The gate reads what was decided last."""

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from accounts.helpdesk.staff import demand, may
from accounts.models import User
from portal import clock
from portal.audit.record import record
from services.exams.levels import ExamLevel
from services.exams.models import Series
from services.releases.artefacts import Artefact
from services.releases.events import Event
from services.releases.models import Release, ReleaseChange
from services.releases.refusals import (
    AlreadyProposed,
    NothingNew,
    ProposalOver,
    ProposerGone,
    RestrictedAfterGeneral,
    TwoPeopleSetTimes,
)

MAY_PROPOSE = "releases.add_releasechange"
MAY_DECIDE = "releases.change_releasechange"


@transaction.atomic
def propose(
    *,
    actor: User,
    series: Series,
    level: ExamLevel,
    kind: Artefact,
    restricted_at: datetime,
    general_at: datetime,
    reason: str,
    announced: bool = False,
) -> ReleaseChange:
    """Propose when something is released; nothing changes yet.

    Raises `RestrictedAfterGeneral`, `NothingNew`, `AlreadyProposed`, and `PermissionDenied` for anybody who may not.
    """
    demand(actor, MAY_PROPOSE)
    if restricted_at > general_at:
        raise RestrictedAfterGeneral()
    slot = {"series": series, "level": level, "kind": kind}
    times = {"restricted_at": restricted_at, "general_at": general_at, "announced": announced}
    if Release.objects.filter(**slot, **times).exists():
        raise NothingNew()
    try:
        with transaction.atomic():
            made = ReleaseChange.objects.create(**slot, **times, reason=reason, proposed_by=actor)
    except IntegrityError as error:
        raise AlreadyProposed() from error
    record(Event.RELEASE_PROPOSED, actor=actor, subject=made, **_said(made), reason=reason)
    return made


@transaction.atomic
def approve(*, actor: User, change: ReleaseChange) -> Release:
    """Set the times, as the second of two members of staff.

    Raises `ProposalOver`, `TwoPeopleSetTimes`, `ProposerGone`, and `PermissionDenied` for anybody who may not.
    """
    row = _hold_open(actor, change)
    proposer = row.proposed_by
    if proposer is None or not may(proposer, MAY_PROPOSE):
        raise ProposerGone()
    _decide(row, actor, approved=True)
    slot: dict[str, Any] = {"series": row.series, "level": row.level, "kind": row.kind}
    before = Release.objects.filter(**slot).first()
    times = {"restricted_at": row.restricted_at, "general_at": row.general_at, "announced": row.announced}
    release, _made = Release.objects.update_or_create(**slot, defaults=times)
    moved: dict[str, Any] = (
        {"restricted_before": before.restricted_at.isoformat(), "general_before": before.general_at.isoformat()} if before else {}
    )
    record(Event.RELEASE_SET, actor=actor, subject=release, **_said(row), **moved, proposed_by=str(proposer), reason=row.reason)
    return release


@transaction.atomic
def refuse(*, actor: User, change: ReleaseChange) -> None:
    """Close a proposal without a change. Raises `ProposalOver`, `TwoPeopleSetTimes` and `PermissionDenied`."""
    row = _hold_open(actor, change, own=True)
    _decide(row, actor, approved=False)
    record(Event.RELEASE_REFUSED, actor=actor, subject=row, **_said(row), reason=row.reason)


def _hold_open(actor: User, change: ReleaseChange, *, own: bool = False) -> ReleaseChange:
    """Hold a proposal that is still open. `own`: also for the one who made it, who may take it back."""
    row = ReleaseChange.objects.select_for_update(of=("self",)).select_related("series", "proposed_by").filter(pk=change.pk).first()
    if row is None or row.decided_at is not None:
        raise ProposalOver()
    is_own = row.proposed_by_id == actor.pk
    demand(actor, MAY_PROPOSE if own and is_own else MAY_DECIDE)
    if is_own and not own:
        raise TwoPeopleSetTimes()
    return row


def _decide(row: ReleaseChange, actor: User, *, approved: bool) -> None:
    # Who takes an own proposal back decides nothing: the row keeps one name.
    row.decided_by, row.decided_at, row.approved = None if row.proposed_by_id == actor.pk else actor, clock.now(), approved
    row.save(update_fields=["decided_by", "decided_at", "approved"])


def _said(row: ReleaseChange) -> dict[str, Any]:
    return {
        "series": row.series.code,
        "level": str(row.level),
        "artefact": str(row.kind),
        "restricted_at": row.restricted_at.isoformat(),
        "general_at": row.general_at.isoformat(),
        "announced": row.announced,
    }
