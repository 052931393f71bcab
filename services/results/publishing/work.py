"""The long part: check a file, or publish it in one transaction, with its progress shown meanwhile. Runs in a worker, or in a thread without one."""

import logging
from collections.abc import Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.core.cache import cache
from django.db import OperationalError, connection, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from portal import clock, limits
from portal.audit.record import record
from portal.web.refusal import Refusal
from services.exams.levels import ExamLevel
from services.exams.models import Candidate
from services.formats.errors import BadFile
from services.results.issuing import Line, issue
from services.results.models import Issue
from services.results.publishing import wake
from services.results.publishing.checking import Told, centres_of, count
from services.results.publishing.events import Event
from services.results.publishing.matching import Tally
from services.results.publishing.models import ImportState, ResultsImport
from services.results.publishing.refusals import ChangedMeanwhile

log = logging.getLogger(__name__)
_WORKED: Final = frozenset({ImportState.WAITING, ImportState.ORDERED})
_SECONDS: Final = 3600


class _Undo(Exception):
    """The file is not what it was when it was checked: everything written for it goes."""


def work(key: UUID) -> bool:
    """Check or publish a file, as its row asks; returns whether there was anything to do that nobody else is doing.

    What the database is too busy for now (another file of the series is being published) is undone and comes again by the timetable.
    """
    try:
        with transaction.atomic():
            row = _hold(key)
            if row is None:
                return False
            with translation.override(row.language):
                (_check if row.state == ImportState.WAITING else _publish)(row, _teller(key))
    except OperationalError:
        log.warning("file of results %s waits for its turn", key, exc_info=True)
        return False
    finally:
        cache.delete(_name(key))
    return True


def work_due() -> None:
    """Announce again what waits longer than a moment: its announcement was lost, or its worker fell. For the timetable."""
    before = clock.now() - timedelta(seconds=limits.SVC5_IMPORT_WAKE_SECONDS)
    for key in ResultsImport.objects.filter(state__in=_WORKED, made_at__lte=before).values_list("pk", flat=True)[:10]:
        wake.call(key)


def progress(run: ResultsImport) -> int:
    """Return how many results of a file were read so far, as far as whoever works on it has told."""
    return int(cache.get(_name(run.pk)) or 0)


def _check(row: ResultsImport, told: Told) -> None:
    tally = Tally()
    try:
        changes = count(row, tally, told)
    except BadFile as refusal:
        _refuse(row, tally, refusal)
        return
    for name, value in {**_counts(tally), **asdict(changes)}.items():
        setattr(row, name, value)
    if tally.wrong or not tally.results:
        _refuse(row, tally)
        return
    row.state, row.done_at = ImportState.CHECKED, clock.now()
    row.save()


def _publish(row: ResultsImport, told: Told) -> None:
    """Issue what the file says, all of it or nothing."""
    tally = Tally()
    try:
        with transaction.atomic():
            made = _issue(row, tally, told)
    except Refusal as refusal:
        _refuse(row, tally, refusal)
    except _Undo:
        # Somebody published something else meanwhile: it is checked again, and staff look again before they order it.
        row.state, row.reason, row.ordered_by = ImportState.WAITING, "", None
        row.errors = [_told(row, ChangedMeanwhile.message)]
        row.save()
        transaction.on_commit(lambda: wake.call(row.pk))
    else:
        row.state, row.issue, row.done_at = ImportState.PUBLISHED, made, clock.now()
        row.save()
        record(
            Event.RESULTS_FILE_PUBLISHED,
            actor=row.ordered_by,
            subject=row,
            issue=str(made.pk),
            digest=row.digest,
            reason=row.reason,
            fresh=row.fresh,
            reissued=row.reissued,
            unchanged=row.unchanged,
            centres=row.centres,
        )
        transaction.on_commit(lambda: row.path.unlink(missing_ok=True))


def _issue(row: ResultsImport, tally: Tally, told: Told) -> Issue:
    """Issue what the file says. Raises `_Undo` when that is not what was shown."""
    lines = _lines(row, tally, told)
    made = issue(actor=row.ordered_by, series=row.series, level=ExamLevel(row.level), lines=lines, source=row.name, digest=row.digest)
    if tally.wrong or made.lines != row.fresh + row.reissued:
        raise _Undo
    return made


def _lines(row: ResultsImport, tally: Tally, told: Told) -> Iterator[Line]:
    """Yield what is to be issued; the candidates of each centre stand in the database before their results do."""
    for matched in centres_of(row, tally, told):
        if tally.wrong:
            return
        Candidate.objects.bulk_create([one.prepared() for one in matched.fresh], batch_size=limits.SVC5_ROWS_AT_ONCE)
        Candidate.objects.bulk_update(matched.completed, ["uci", "searched"], batch_size=limits.SVC5_ROWS_AT_ONCE)
        yield from matched.lines


def _refuse(row: ResultsImport, tally: Tally, refusal: Refusal | None = None) -> None:
    """Keep what is wrong; a file without a single result is wrong too."""
    row.errors, row.wrong = tally.errors, max(tally.wrong, 1)
    if refusal is not None or not row.errors:
        row.errors = [_told(row, refusal or _("The file holds no results")), *tally.errors]
    row.state, row.done_at, row.ordered_by, row.reason = ImportState.WRONG, clock.now(), None, ""
    row.save()
    record(Event.RESULTS_FILE_REFUSED, actor=row.made_by, subject=row, wrong=row.wrong, digest=row.digest)


def _told(row: ResultsImport, what: object) -> dict[str, object]:
    return {"file": row.name, "line": None, "what": str(what), "todo": ""}


def _counts(tally: Tally) -> dict[str, int]:
    names = ("results", "centres", "candidates", "unchecked", "wrong")
    return {name: getattr(tally, name) for name in names}


def _hold(key: UUID) -> ResultsImport | None:
    """Hold a file that waits for work, unless somebody else holds it."""
    free = connection.features.has_select_for_update_skip_locked
    rows = ResultsImport.objects.select_for_update(of=("self",), skip_locked=free, no_key=True)
    return rows.select_related("series", "made_by", "ordered_by").filter(pk=key, state__in=_WORKED).first()


def _teller(key: UUID) -> Told:
    return lambda results: cache.set(_name(key), results, _SECONDS)


def _name(key: UUID) -> str:
    return f"results-import:{key}"
