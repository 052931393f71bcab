"""The bytes of files that staff bring: none outlives the row that it belongs to, whatever broke in between (SVC 5).

A file is written before its row can be committed, and deleted after: a rollback, a full disk or a fall in between leaves bytes that nobody asks
for, and they may be under embargo. `taken_back` removes them where somebody is left to do it, `sweep` finds the rest.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import transaction

from services.files.strays import lying
from services.publishing.models import FOLDER, OPEN, StaffFile
from services.publishing.pipeline import pipelines

log = logging.getLogger(__name__)


@contextmanager
def taken_back(path: Path) -> Iterator[None]:
    """Remove what a deed wrote when the deed fails or its transaction is undone. Stands around the transaction, not in it."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def forget_bytes(run: StaffFile) -> None:
    """Delete a file once the transaction that has no more use for it is committed."""
    path = run.path
    transaction.on_commit(lambda: path.unlink(missing_ok=True), robust=True)


def sweep() -> int:
    """Remove bytes that no open row has, once they are two days old: an upload's transaction is long over by then. Returns how many."""
    folder = Path(settings.FILES_DIR) / FOLDER
    if not folder.is_dir():
        return 0
    found = dict(lying(folder))
    for pipeline in pipelines():
        kept = pipeline.model._default_manager.filter(pk__in=found, state__in=OPEN)  # noqa: SLF001  Django's documented door
        for key in kept.values_list("pk", flat=True):
            found.pop(key)
    for path in found.values():
        path.unlink(missing_ok=True)
    if found:
        log.warning("%s files of staff were on the disk without a row that needs them, and were removed", len(found))
    return len(found)
