"""The deeds on a file of a report: take and check it, publish it all or nothing, delete it (SVC 6).

A file is no larger than an upload may be, so it is checked while its sender waits.
"""

from datetime import timedelta
from typing import Any, Final

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.helpdesk.staff import demand
from accounts.models import User
from portal import clock, limits
from portal.audit.record import record
from services.exams.models import Series
from services.files.receiving import name_of, receive
from services.formats.errors import BadFile
from services.reports.events import Event
from services.reports.importing.reading import Tally, rows_of
from services.reports.importing.refusals import NotChecked, OutOfDate, WhyChanged
from services.reports.issuing import compare, issue
from services.reports.models import FileState, Report, ReportFile

MAY_TAKE: Final = "reports.add_reportfile"
MAY_PUBLISH: Final = "reports.change_reportfile"


@transaction.atomic
def take_file(*, actor: User, series: Series, level: str, kind: Report, content: File[Any]) -> ReportFile:
    """Check a file and keep it for a day; one with a wrong line is not kept. Raises `PermissionDenied`."""
    demand(actor, MAY_TAKE)
    run = ReportFile(series=series, level=level, kind=kind, name=name_of(content), made_by=actor, size=0)
    run.size, run.digest = receive(content, run.path)
    try:
        _check(run)
        run.save(force_insert=True)
    except BaseException:
        run.path.unlink(missing_ok=True)
        raise
    said: dict[str, Any] = {
        "series": series.code,
        "level": level,
        "report": str(kind),
        "size": run.size,
        "digest": run.digest,
        "wrong": run.wrong,
    }
    record(Event.REPORT_FILE_TAKEN, actor=actor, subject=run, **said)
    if run.state == FileState.WRONG:
        transaction.on_commit(lambda: run.path.unlink(missing_ok=True))
    return run


@transaction.atomic
def publish(*, actor: User, run: ReportFile, reason: str) -> ReportFile:
    """Issue what a checked file says. Raises `NotChecked`, `WhyChanged`, `OutOfDate` and `PermissionDenied`."""
    demand(actor, MAY_PUBLISH)
    row = _hold(run)
    if row is None or row.state != FileState.CHECKED or not row.path.exists():
        raise NotChecked()
    if row.reissued and not reason:
        raise WhyChanged()
    tally, kind = Tally(), Report(row.kind)
    rows = rows_of(row.path, kind, row.series, row.level, tally)
    made = issue(actor=actor, kind=kind, series=row.series, level=row.level, rows=rows, source=row.name, digest=row.digest)
    if tally.wrong or (made.fresh, made.reissued) != (row.fresh, row.reissued):
        raise OutOfDate()
    row.state, row.issue, row.reason, row.published_by = FileState.PUBLISHED, made, reason, actor
    row.save(update_fields=["state", "issue", "reason", "published_by"])
    transaction.on_commit(lambda: row.path.unlink(missing_ok=True))
    return row


@transaction.atomic
def forget(*, actor: User | None, run: ReportFile) -> bool:
    """Delete a file that was not published; the row stays. Returns whether there was one. Raises `PermissionDenied`."""
    if actor is not None:
        demand(actor, MAY_TAKE)
    row = _hold(run)
    if row is None or row.state != FileState.CHECKED:
        return False
    row.state = FileState.FORGOTTEN
    row.save(update_fields=["state"])
    record(Event.REPORT_FILE_FORGOTTEN, actor=actor, subject=row, digest=row.digest)
    transaction.on_commit(lambda: row.path.unlink(missing_ok=True))
    return True


def forget_old() -> None:
    """Forget files that nobody published within a day: they hold what is under embargo."""
    before = clock.now() - timedelta(hours=limits.SVC5_IMPORT_HOURS)
    for run in ReportFile.objects.filter(state=FileState.CHECKED, made_at__lte=before).only("pk"):
        forget(actor=None, run=run)


def _check(run: ReportFile) -> None:
    """Count what publishing would change, or what is wrong; a file without a line is wrong too."""
    tally, kind = Tally(), Report(run.kind)
    try:
        changes = compare(kind=kind, series=run.series, level=run.level, rows=rows_of(run.path, kind, run.series, run.level, tally))
    except BadFile as refusal:
        run.errors, run.wrong, run.state = [{"line": None, "what": str(refusal), "todo": ""}], max(1, tally.wrong), FileState.WRONG
        return
    if tally.wrong or not tally.lines:
        run.errors = tally.errors or [{"line": None, "what": _("The file holds no lines"), "todo": ""}]
        run.wrong, run.state = max(1, tally.wrong), FileState.WRONG
        return
    run.fresh, run.reissued, run.unchanged, run.state = changes.fresh, changes.reissued, changes.unchanged, FileState.CHECKED


def _hold(run: ReportFile) -> ReportFile | None:
    return ReportFile.objects.select_for_update(of=("self",), no_key=True).select_related("series").filter(pk=run.pk).first()
