"""Bytes without a row: a file is on the disk before its row can be committed, and a rollback or a fall in between leaves it there (A126).

Each file is marked before it is written, and the mark goes with the commit. Whatever is still marked two days later has a row, or is nobody's: so looking
for strays costs as much as there are, not as much as there are files.
"""

import logging
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from portal import limits
from services.files.models import PublishedFile

log = logging.getLogger(__name__)
_FOLDER: Final = "unsettled"


def mark(file: PublishedFile) -> None:
    """Mark a file that is about to be written, until the present transaction is committed."""
    path = _folder() / file.pk.hex
    path.touch(mode=0o600)
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def sweep() -> int:
    """Remove the bytes of files whose transaction was undone. For the timetable. Returns how many."""
    marks = dict(lying(_folder()))
    kept = set(PublishedFile.objects.filter(pk__in=marks).values_list("pk", flat=True))
    for key, path in marks.items():
        if key not in kept:
            PublishedFile(pk=key).path.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
    if marks.keys() - kept:
        log.warning("%s kept files were on the disk without a row, and were removed", len(marks.keys() - kept))
    return len(marks.keys() - kept)


def lying(folder: Path) -> Iterator[tuple[UUID, Path]]:
    """Name what lies in a folder longer than any transaction takes, by its id. It may go while we look, and what has no id for a name stays."""
    before = time.time() - limits.SVC5_STRAY_MINUTES * 60
    for path in folder.iterdir():
        with suppress(FileNotFoundError, ValueError):
            key = UUID(hex=path.name)
            if path.stat().st_mtime < before:
                yield key, path


def _folder() -> Path:
    folder = Path(settings.FILES_DIR) / _FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
