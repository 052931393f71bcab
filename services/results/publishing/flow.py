"""The deeds on a file of results: take it, order its publishing, forget it. Checking and publishing themselves are long: see `work` (SVC 5)."""

from datetime import timedelta
from typing import Any, Final

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal import clock, limits
from portal.audit.record import record
from services.exams.models import Series
from services.files.receiving import name_of, receive
from services.results.publishing import wake
from services.results.publishing.events import Event
from services.results.publishing.models import ImportState, ResultsImport
from services.results.publishing.refusals import AnotherIsPublished, NotCheckedYet, ReasonNeeded

MAY_TAKE: Final = "publishing.add_resultsimport"
MAY_PUBLISH: Final = "publishing.change_resultsimport"
OPEN: Final = (ImportState.WAITING, ImportState.WRONG, ImportState.CHECKED)


@transaction.atomic
def take_file(*, actor: User, series: Series, level: str, content: File[Any]) -> ResultsImport:
    """Keep a file of results for a day and have it checked. Raises `PermissionDenied`."""
    demand(actor, MAY_TAKE)
    language = (translation.get_language() or "en")[:2]
    run = ResultsImport(series=series, level=level, name=name_of(content), made_by=actor, language=language, size=0)
    run.size, run.digest = receive(content, run.path)
    run.save(force_insert=True)
    record(Event.RESULTS_FILE_TAKEN, actor=actor, subject=run, series=series.code, level=level, size=run.size, digest=run.digest)
    transaction.on_commit(lambda: wake.call(run.pk))
    return run


@transaction.atomic
def order(*, actor: User, run: ResultsImport, reason: str) -> ResultsImport:
    """Have a checked file published, all or nothing. Raises `NotCheckedYet`, `ReasonNeeded`, `AnotherIsPublished`, `PermissionDenied`."""
    demand(actor, MAY_PUBLISH)
    row = _hold(run)
    if row is None or row.state != ImportState.CHECKED:
        raise NotCheckedYet()
    if row.reissued and not reason:
        raise ReasonNeeded()
    row.state, row.reason, row.ordered_by = ImportState.ORDERED, reason, actor
    try:
        with transaction.atomic():
            row.save(update_fields=["state", "reason", "ordered_by"])
    except IntegrityError as error:
        raise AnotherIsPublished() from error
    record(Event.RESULTS_FILE_ORDERED, actor=actor, subject=row, digest=row.digest, fresh=row.fresh, reissued=row.reissued, reason=reason)
    transaction.on_commit(lambda: wake.call(row.pk))
    return row


@transaction.atomic
def forget(*, actor: User | None, run: ResultsImport) -> bool:
    """Delete a file that was not published; the row stays. Returns whether there was one. Raises `PermissionDenied`."""
    if actor is not None:
        demand(actor, MAY_TAKE)
    row = _hold(run)
    if row is None or row.state not in OPEN:
        return False
    row.state, row.done_at = ImportState.FORGOTTEN, clock.now()
    row.save(update_fields=["state", "done_at"])
    record(Event.RESULTS_FILE_FORGOTTEN, actor=actor, subject=row, digest=row.digest)
    transaction.on_commit(lambda: row.path.unlink(missing_ok=True))
    return True


def forget_old() -> None:
    """Forget files that nobody published within a day: they hold results that are under embargo."""
    before = clock.now() - timedelta(hours=limits.SVC5_IMPORT_HOURS)
    for run in ResultsImport.objects.filter(state__in=OPEN, made_at__lte=before).only("pk"):
        forget(actor=None, run=run)


def _hold(run: ResultsImport) -> ResultsImport | None:
    return ResultsImport.objects.select_for_update(of=("self",), no_key=True).select_related("series").filter(pk=run.pk).first()
