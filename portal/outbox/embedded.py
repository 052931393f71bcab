"""The post office in the web process, where there is no broker: one thread that delivers, sweeps and keeps the timetable."""

import logging
import os
import threading
import time

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

log = logging.getLogger(__name__)


class _Office:
    """One thread for each process (a forked child starts its own)."""

    def __init__(self) -> None:
        self.process = 0
        self.bell = threading.Event()
        self.lock = threading.Lock()

    def open(self) -> None:
        """Start the thread of this process, once."""
        with self.lock:
            if self.process != os.getpid():
                self.process = os.getpid()
                self.bell = threading.Event()
                threading.Thread(target=self._work, name="post-office", daemon=True).start()

    def _work(self) -> None:
        due = dict.fromkeys(settings.TIMETABLE, 0.0)
        while True:
            now = time.monotonic()
            for name, (path, seconds) in settings.TIMETABLE.items():
                if now >= due[name] or (name == "outbox-sweep" and self.bell.is_set()):
                    if name == "outbox-sweep":
                        self.bell.clear()
                    due[name] = now + seconds
                    _run(path)
            self.bell.wait(max(0.0, min(due.values()) - time.monotonic()))


_office = _Office()


def start() -> None:
    """Open the post office, unless workers do its work or a test drives it."""
    if not settings.REDIS_URL and not settings.TESTING:
        _office.open()


def wake() -> None:
    """Say that a message waits."""
    _office.open()
    _office.bell.set()


def _run(path: str) -> None:
    close_old_connections()
    try:
        import_string(path)()
    except Exception:
        log.exception("timetable entry %s failed", path)
        connection.close()
