"""Let files out of quarantine, or delete them: by what the scanner says and by nothing else (A130)."""

import hashlib
import logging
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from portal import clock, limits
from portal.audit.record import record
from services.files.clamd import NoVerdict, Verdict, scan
from services.files.events import Event
from services.files.models import FileState, PublishedFile

logger = logging.getLogger(__name__)
_SAID_LONGEST: Final = 200
_CHANGED: Final = Verdict(clean=False, said="The bytes on the disk are not those that were added")


def scan_waiting() -> int:
    """Ask the scanner about files in quarantine, those first that were asked about least; returns how many verdicts came.

    Without a scanner everything stays where it is. One that gives no verdict three times in a row is left alone until the next round.
    """
    if not settings.SCANNER_URL:
        return 0
    verdicts = silent = 0
    waiting = PublishedFile.objects.filter(state=FileState.QUARANTINED).order_by("tries", "kept_at")
    for key in waiting.values_list("pk", flat=True)[: limits.A130_SCANS_AT_ONCE]:
        if _scan(key):
            verdicts, silent = verdicts + 1, 0
        elif (silent := silent + 1) == limits.A130_SILENT_SCANS:
            break
    return verdicts


@transaction.atomic
def _scan(key: UUID) -> bool:
    """Ask about one file, held so that no other worker asks as well."""
    free = connection.features.has_select_for_update_skip_locked
    row = PublishedFile.objects.select_for_update(skip_locked=free, no_key=True).filter(pk=key, state=FileState.QUARANTINED).first()
    if row is None:
        return True
    try:
        verdict = _verdict(row)
    except NoVerdict as error:
        logger.warning("The scanner gave no verdict: %s", error)
        PublishedFile.objects.filter(pk=row.pk).update(tries=min(row.tries + 1, 30_000), said=str(error)[:_SAID_LONGEST])
        return False
    state = FileState.CLEAN if verdict.clean else FileState.REFUSED
    PublishedFile.objects.filter(pk=row.pk).update(state=state, said=verdict.said[:_SAID_LONGEST] or "-", scanned_at=clock.now())
    if verdict.clean:
        record(Event.FILE_CLEAN, subject=row, said=verdict.said)
    else:
        record(Event.FILE_REFUSED, subject=row, said=verdict.said, digest=row.digest)
        transaction.on_commit(lambda: row.path.unlink(missing_ok=True))
    return True


def _verdict(row: PublishedFile) -> Verdict:
    """Scan the bytes and sum them: what is let out is what came in. Raises `NoVerdict`."""
    try:
        with row.path.open("rb") as stream:
            verdict = scan(settings.SCANNER_URL, stream)
            stream.seek(0)
            same = hashlib.file_digest(stream, "sha256").hexdigest() == row.digest
    except FileNotFoundError:
        return _CHANGED
    return verdict if same else _CHANGED
