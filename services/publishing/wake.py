"""Say that a file waits: to a worker where there is a broker, to a thread of this process where there is none. By its id only."""

import logging
import threading
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)
_WORK: Final = "services.publishing.work.work"
_busy: set[UUID] = set()
"""What threads of this process work on: SQLite has no lock on a row that would tell."""


def busy() -> set[UUID]:
    """Return what threads of this process work on now."""
    return set(_busy)


def call(key: UUID) -> None:
    """Have the work done that the row asks for. What is not heard, the timetable finds (`work.work_due`)."""
    if settings.TESTING:
        return
    if settings.BROKER_URL:
        from services.publishing.tasks import work_on_file

        try:
            work_on_file.apply_async((str(key),), queue="bulk", retry=False)
        except Exception:  # noqa: BLE001  the broker's own errors are of many kinds; none may undo what was committed
            log.warning("a file of staff waits for the timetable: the broker did not answer")
        return
    if key in _busy:
        return
    _busy.add(key)
    threading.Thread(target=_work, args=(key,), name=f"staff-file-{key}", daemon=True).start()


def _work(key: UUID) -> None:
    try:
        import_string(_WORK)(key)
    except Exception:
        log.exception("a file of staff failed and is tried again")
    finally:
        _busy.discard(key)
        connection.close()
