"""The deeds on a file: take it, order its publishing, forget it. Checking and publishing themselves are long: see `work` (SVC 5, SVC 6)."""

from datetime import timedelta
from typing import Any, TypeVar

from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal import clock, limits
from portal.audit.record import record
from services.files.receiving import name_of, receive
from services.publishing import stored, wake
from services.publishing.models import OPEN, FileState, StaffFile
from services.publishing.pipeline import pipeline_of, pipelines
from services.publishing.refusals import AnotherIsPublished, NotCheckedYet, ReasonNeeded

F = TypeVar("F", bound=StaffFile)


def take_file(run: F, *, actor: User, content: File[Any]) -> F:
    """Keep a file for a day and have it checked; `run` is its row, not saved yet. Raises `PermissionDenied`."""
    pipeline = pipeline_of(run)
    demand(actor, pipeline.may_take)
    run.name, run.made_by, run.language = name_of(content), actor, (translation.get_language() or "en")[:2]
    with stored.taken_back(run.path), transaction.atomic():
        run.size, run.digest = receive(content, run.path)
        _announce(run)
        run.save(force_insert=True)
        known: dict[str, Any] = {"series": run.series.code, "level": run.level, "size": run.size, "digest": run.digest}
        record(pipeline.steps.taken, actor=actor, subject=run, **known, **pipeline.said(run))
    return run


@transaction.atomic
def order(*, actor: User, run: F, reason: str) -> F:
    """Have a checked file published, all or nothing. Raises `NotCheckedYet`, `ReasonNeeded`, `AnotherIsPublished`, `PermissionDenied`."""
    pipeline = pipeline_of(run)
    demand(actor, pipeline.may_publish)
    row = _hold(run)
    if row is None or row.state != FileState.CHECKED:
        raise NotCheckedYet()
    if row.reissued and not reason:
        raise ReasonNeeded()
    row.state, row.reason, row.ordered_by, row.errors = FileState.ORDERED, reason, actor, []
    try:
        with transaction.atomic():
            _announce(row)
            row.save(update_fields=["state", "reason", "ordered_by", "errors", "tries", "calls", "due_at"])
    except IntegrityError as error:
        raise AnotherIsPublished() from error
    known: dict[str, Any] = {"digest": row.digest, "fresh": row.fresh, "reissued": row.reissued, "reason": reason}
    record(pipeline.steps.ordered, actor=actor, subject=row, **known, **pipeline.said(row))
    return row


@transaction.atomic
def forget(*, actor: User | None, run: StaffFile) -> bool:
    """Delete a file that was not published and that nobody works on; the row stays. Returns whether there was one. Raises `PermissionDenied`."""
    pipeline = pipeline_of(run)
    if actor is not None:
        demand(actor, pipeline.may_take)
    row = _hold(run, skip_locked=connection.features.has_select_for_update_skip_locked)
    if row is None or row.state not in OPEN or row.state == FileState.ORDERED:
        return False
    row.state, row.done_at, row.due_at = FileState.FORGOTTEN, clock.now(), None
    row.save(update_fields=["state", "done_at", "due_at"])
    record(pipeline.steps.forgotten, actor=actor, subject=row, digest=row.digest, **pipeline.said(row))
    stored.forget_bytes(row)
    return True


def forget_old() -> None:
    """Forget files that nobody published within a day, and bytes that are nobody's: they hold what is under embargo. For the timetable."""
    before = clock.now() - timedelta(hours=limits.SVC5_IMPORT_HOURS)
    for pipeline in pipelines():
        for run in pipeline.model._default_manager.filter(state__in=OPEN, made_at__lte=before).only("pk"):  # noqa: SLF001
            forget(actor=None, run=run)
    stored.sweep()


def _announce(run: StaffFile) -> None:
    """Tell a worker once this is committed, and again later if nobody heard."""
    run.tries, run.calls, run.due_at = 0, 0, clock.now() + timedelta(seconds=limits.SVC5_IMPORT_WAKE_SECONDS)
    transaction.on_commit(lambda: wake.call(run.pk))


def _hold(run: F, *, skip_locked: bool = False) -> F | None:
    rows = type(run)._default_manager.select_for_update(of=("self",), no_key=True, skip_locked=skip_locked)  # noqa: SLF001  Django's documented door
    return rows.select_related("series").filter(pk=run.pk).first()
