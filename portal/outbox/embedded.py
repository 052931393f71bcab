"""The post office in the web process, where there is no broker: one thread that delivers, sweeps and keeps the timetable."""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import Final

from django.conf import settings
from django.db import close_old_connections, connection
from django.utils.module_loading import import_string

from portal import limits
from portal.outbox import relay

log = logging.getLogger(__name__)
_SWEEP: Final = "outbox-sweep"
_AGAIN_SECONDS: Final = 2.0


class _Office:
    """One thread for each process."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Begin afresh: a forked child has none of its parent's threads and starts its own at its first message."""
        self.lock = threading.Lock()
        self.bell = threading.Event()
        self.closing = threading.Event()
        self.thread: threading.Thread | None = None

    def open(self) -> None:
        """Start the thread of this process, once."""
        with self.lock:
            if self.thread is None:
                self.thread = threading.Thread(target=self._work, name="post-office", daemon=True)
                self.thread.start()

    def close(self) -> None:
        """Let the thread finish the message in hand before the process ends; what still waits is swept up by the next process."""
        self.closing.set()
        self.bell.set()
        if self.thread is not None:
            self.thread.join(limits.P24_PROVIDER_SECONDS)

    def _work(self) -> None:
        due = dict.fromkeys(settings.TIMETABLE, 0.0)
        while not self.closing.is_set():
            for name, (path, seconds) in settings.TIMETABLE.items():
                rung = name == _SWEEP and self.bell.is_set()
                if rung or time.monotonic() >= due[name]:
                    due[name] = time.monotonic() + seconds
                    if not _run(name, self._deliver if name == _SWEEP else partial(_call, path)):
                        # A database that was busy is free again soon; a code must not wait for the next round.
                        due[name] = time.monotonic() + min(seconds, _AGAIN_SECONDS)
            if not self.closing.is_set():
                self.bell.wait(max(0.0, min(due.values()) - time.monotonic()))

    def _deliver(self) -> None:
        self.bell.clear()
        while relay.sweep(stop=self.closing.is_set):
            pass


_office = _Office()
os.register_at_fork(after_in_child=_office.reset)
atexit.register(_office.close)


def start() -> None:
    """Open the post office, unless workers do its work or a test drives it."""
    if not settings.BROKER_URL and not settings.TESTING:
        _office.open()


def wake() -> None:
    """Say that a message waits."""
    _office.open()
    _office.bell.set()


def _call(path: str) -> None:
    import_string(path)()


def _run(name: str, deed: Callable[[], object]) -> bool:
    """Do it; say whether it went well."""
    close_old_connections()
    try:
        deed()
    except Exception:
        log.exception("timetable entry %s failed", name)
        connection.close()
        return False
    return True
