"""The deeds on a file of results: take it, order its publishing, forget it. Checking and publishing themselves are long: see `work` (SVC 5)."""

import hashlib
from datetime import timedelta
from typing import Any, Final

from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import translation

from accounts.models import User
from portal import clock, limits
from portal.audit.record import record
from services.exams.models import Series
from services.results.publishing import wake
from services.results.publishing.events import Event
from services.results.publishing.models import ImportState, ResultsImport
from services.results.publishing.refusals import AnotherIsPublished, NotCheckedYet, ReasonNeeded

MAY_TAKE: Final = "publishing.add_resultsimport"
MAY_PUBLISH: Final = "publishing.change_resultsimport"
_NAME_LONGEST: Final = 150
OPEN: Final = (ImportState.WAITING, ImportState.WRONG, ImportState.CHECKED)


@transaction.atomic
def take_file(*, actor: User, series: Series, level: str, content: File[Any]) -> ResultsImport:
    """Keep a file of results for a day and have it checked. Raises `PermissionDenied`."""
    _demand(actor, MAY_TAKE)
    name = (content.name or "").replace("\\", "/").rpartition("/")[2][-_NAME_LONGEST:]
    run = ResultsImport(series=series, level=level, name=name, made_by=actor, language=(translation.get_language() or "en")[:2], size=0)
    run.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    run.path.touch(mode=0o600, exist_ok=False)
    with run.path.open("wb") as stream:
        for chunk in content.chunks():
            digest.update(chunk)
            run.size += stream.write(chunk)
    run.digest = digest.hexdigest()
    run.save(force_insert=True)
    record(Event.RESULTS_FILE_TAKEN, actor=actor, subject=run, series=series.code, level=level, size=run.size, digest=run.digest)
    transaction.on_commit(lambda: wake.call(run.pk))
    return run


@transaction.atomic
def order(*, actor: User, run: ResultsImport, reason: str) -> ResultsImport:
    """Have a checked file published, all or nothing. Raises `NotCheckedYet`, `ReasonNeeded`, `AnotherIsPublished`, `PermissionDenied`."""
    _demand(actor, MAY_PUBLISH)
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
        _demand(actor, MAY_TAKE)
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


def _demand(actor: User, right: str) -> None:
    person = User.objects.get(pk=actor.pk)
    if not (person.is_active and person.is_staff and person.has_perm(right)):
        raise PermissionDenied
