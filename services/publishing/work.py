"""The long part: check a file, or publish it in one transaction, with its progress shown meanwhile. Runs in a worker, or in a thread without one."""

import logging
from dataclasses import asdict
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.core.cache import cache
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q
from django.utils import translation

from portal import clock, limits
from portal.audit.record import record
from portal.web.refusal import Refusal
from services.formats.errors import BadFile
from services.publishing import stored, wake
from services.publishing.models import WORKED, FileState, Issued, StaffFile
from services.publishing.pipeline import Pipeline, pipeline_with, pipelines
from services.publishing.refusals import ChangedMeanwhile, GaveUp, NotAFile
from services.publishing.tally import Changes, Tally, Told

log = logging.getLogger(__name__)
Kind = Pipeline[Any]
_SECONDS: Final = 3600
_NO_TURN: Final = {"55P03", "40P01"}
"""No lock in time, and PostgreSQL's way out when two wait for each other: nothing failed, somebody else was first."""


class _Undo(Exception):
    """The file is not what it was when it was checked: everything written for it goes."""


def work(key: UUID) -> bool:
    """Check or publish a file, as its row asks; returns whether there was anything to do that nobody else is doing, and it was done.

    What the database cannot do now (it restarts, another file of the series is being published) is undone and comes again by the timetable.
    """
    kind = pipeline_with(key)
    if kind is None or not _begin(kind, key):
        return False
    try:
        with transaction.atomic():
            row = _hold(kind, key)
            if row is None:
                return False
            with translation.override(row.language):
                (_check if row.state == FileState.WAITING else _publish)(kind, row, _teller(key))
    except (OperationalError, InterfaceError) as error:
        log.warning("file of staff %s waits for its turn", key, exc_info=True)
        if getattr(error.__cause__, "sqlstate", "") in _NO_TURN:
            _rows(kind).filter(pk=key, state__in=WORKED).update(tries=F("tries") - 1)
        return False
    finally:
        cache.delete(_name(key))
    return True


def work_due() -> None:
    """Announce again what was announced and not done: its announcement was lost, or its worker fell. Each time after a longer while.

    What somebody works on is held and left alone. For the timetable.
    """
    now = clock.now()
    due = Q(due_at__lte=now) | Q(due_at=None)
    for kind in pipelines():
        with transaction.atomic():
            for row in _free(kind).filter(due, state__in=WORKED).exclude(pk__in=wake.busy())[: limits.SVC5_IMPORTS_AT_ONCE]:
                _rows(kind).filter(pk=row.pk).update(calls=F("calls") + 1, due_at=now + _gap(row.calls + 1))
                transaction.on_commit(lambda key=row.pk: wake.call(key), robust=True)  # type: ignore[misc]


def progress(run: StaffFile) -> int:
    """Return how many lines of a file were read so far, as far as whoever works on it has told."""
    return int(cache.get(_name(run.pk)) or 0)


def _begin(kind: Kind, key: UUID) -> bool:
    """Note that somebody begins, which stays however it ends; returns whether to go on. After too many attempts the file is given up."""
    with transaction.atomic():
        row = _hold(kind, key)
        if row is None:
            return False
        if row.tries >= limits.SVC5_IMPORT_TRIES:
            _give_up(kind, row)
            return False
        _rows(kind).filter(pk=key).update(tries=row.tries + 1, due_at=clock.now() + _gap(row.tries + 1))
    return True


def _gap(count: int) -> timedelta:
    gaps = limits.SVC5_IMPORT_GAPS_SECONDS
    return timedelta(seconds=gaps[min(count, len(gaps)) - 1])


def _check(kind: Kind, row: StaffFile, told: Told) -> None:
    tally = Tally()
    try:
        changes = kind.check(row, tally, told)
    except (BadFile, FileNotFoundError) as refusal:
        _refuse(kind, row, tally, refusal if isinstance(refusal, Refusal) else NotAFile())
        return
    for name, value in {"wrong": tally.wrong, **kind.counts(tally), **asdict(changes)}.items():
        setattr(row, name, value)
    if tally.wrong or not tally.lines:
        _refuse(kind, row, tally)
        return
    row.state, row.done_at, row.due_at = FileState.CHECKED, clock.now(), None
    row.save()


def _publish(kind: Kind, row: StaffFile, told: Told) -> None:
    """Issue what the file says, all of it or nothing, and only what staff were shown."""
    tally = Tally()
    try:
        with transaction.atomic():
            made, changes = _issue(kind, row, tally, told)
    except FileNotFoundError:
        _refuse(kind, row, tally, NotAFile())
    except Refusal as refusal:
        _refuse(kind, row, tally, refusal)
    except _Undo:
        # Somebody published something else meanwhile: it is checked again, and staff look again before they order it.
        _undone(row, FileState.WAITING, ChangedMeanwhile())
        transaction.on_commit(lambda: wake.call(row.pk))
    else:
        row.state, row.issue, row.done_at, row.due_at = FileState.PUBLISHED, made, clock.now(), None
        row.save()
        known: dict[str, Any] = {"issue": str(made.pk), "digest": row.digest, "reason": row.reason, **asdict(changes)}
        record(kind.steps.published, actor=row.ordered_by, subject=row, **known, **kind.said(row))
        stored.forget_bytes(row)


def _issue(kind: Kind, row: StaffFile, tally: Tally, told: Told) -> tuple[Issued, Changes]:
    """Issue what the file says. Raises `_Undo` when that is not what was shown."""
    made, changes = kind.issue(row, tally, told)
    if tally.wrong or (changes.fresh, changes.reissued) != (row.fresh, row.reissued):
        raise _Undo
    return made, changes


def _refuse(kind: Kind, row: StaffFile, tally: Tally, refusal: Refusal | None = None) -> None:
    """Keep what is wrong and delete the file; one without a single line is wrong too."""
    row.errors, row.wrong = tally.errors, max(tally.wrong, 1)
    if refusal is not None or not row.errors:
        row.errors = [_told(row, refusal or kind.empty), *tally.errors]
    row.state, row.done_at, row.due_at, row.ordered_by, row.reason = FileState.WRONG, clock.now(), None, None, ""
    row.save()
    record(kind.steps.refused, actor=row.made_by, subject=row, wrong=row.wrong, digest=row.digest, **kind.said(row))
    stored.forget_bytes(row)


def _give_up(kind: Kind, row: StaffFile) -> None:
    """Stop trying: what was ordered can be ordered again, what was never checked is to be brought again."""
    log.error("file of staff %s was given up after %s attempts", row.pk, row.tries)
    record(kind.steps.given_up, actor=row.ordered_by or row.made_by, subject=row, tries=row.tries, digest=row.digest, **kind.said(row))
    with translation.override(row.language):
        refusal = GaveUp(row.tries)
        if row.state == FileState.ORDERED:
            _undone(row, FileState.CHECKED, refusal)
            return
        _refuse(kind, row, Tally(), refusal)


def _undone(row: StaffFile, state: FileState, why: Refusal) -> None:
    row.state, row.reason, row.ordered_by, row.errors = state, "", None, [_told(row, why)]
    row.tries, row.calls, row.due_at = 0, 0, clock.now() + _gap(1) if state in WORKED else None
    row.save()


def _told(row: StaffFile, what: object) -> dict[str, object]:
    return {"file": row.name, "line": None, "what": str(what), "todo": ""}


def _rows(kind: Kind) -> Any:
    return kind.model._default_manager.all()  # noqa: SLF001  Django's documented door


def _free(kind: Kind) -> Any:
    """Take rows to hold them, leaving out those that somebody holds."""
    return _rows(kind).select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked, no_key=True)


def _hold(kind: Kind, key: UUID) -> StaffFile | None:
    """Hold a file that waits for work, unless somebody else holds it."""
    found: StaffFile | None = _free(kind).select_related("series", "made_by", "ordered_by").filter(pk=key, state__in=WORKED).first()
    return found


def _teller(key: UUID) -> Told:
    return lambda lines: cache.set(_name(key), lines, _SECONDS)


def _name(key: UUID) -> str:
    return f"staff-file:{key}"
