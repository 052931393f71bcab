"""What the stack's processes cost while a morning lasts: processor seconds of each kind, and the memory of the web processes together."""

import contextlib
import os
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Self

_TICK: Final = os.sysconf("SC_CLK_TCK")
_EVERY: Final = 0.5
_MEMORY_EVERY: Final = 6
"""Memory is asked every so many looks: adding up a process's pages costs milliseconds."""


@dataclass
class Scales:
    """Looks at `/proc` twice a second. `web` and `proxy` are the first processes of each, `database` a name in the titles of PostgreSQL's."""

    web: int
    proxy: int
    database: str
    pss: int = 0
    rss: int = 0
    _first: dict[int, float] = field(default_factory=dict)
    _last: dict[int, tuple[str, float]] = field(default_factory=dict)

    def __enter__(self) -> Self:
        self._closing = threading.Event()
        self._began = time.perf_counter()
        self._own = time.process_time()
        self._look(first=True)
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_raised: object) -> None:
        self._closing.set()
        self._thread.join()
        self._look()
        self.seconds = time.perf_counter() - self._began
        self.own = time.process_time() - self._own

    def spent(self) -> dict[str, float]:
        """Return processor seconds by kind of process; `load` is ourselves."""
        found: dict[str, float] = defaultdict(float)
        for pid, (kind, seconds) in self._last.items():
            found[kind] += seconds - self._first.get(pid, 0.0)
        return dict(found) | {"load": self.own}

    def _watch(self) -> None:
        looks = 0
        while not self._closing.wait(_EVERY):
            self._look()
            if looks % _MEMORY_EVERY == 0:
                self._weigh()
            looks += 1

    def _look(self, *, first: bool = False) -> None:
        for kind, pids in (("web", _family(self.web)), ("proxy", _family(self.proxy)), ("database", _backends(self.database))):
            for pid in pids:
                with contextlib.suppress(OSError):
                    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                    seconds = (int(fields[11]) + int(fields[12])) / _TICK
                    self._last[pid] = kind, seconds
                    if first:
                        self._first[pid] = seconds

    def _weigh(self) -> None:
        sizes = {"Pss": 0, "Rss": 0}
        for pid in _family(self.web):
            with contextlib.suppress(OSError):
                for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                    name, _colon, value = line.partition(":")
                    if name in sizes:
                        sizes[name] += int(value.split()[0])
        self.pss, self.rss = max(self.pss, sizes["Pss"]), max(self.rss, sizes["Rss"])


def _family(pid: int) -> list[int]:
    with contextlib.suppress(OSError):
        return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]
    return []


def _backends(database: str) -> list[int]:
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if f" {database} ".encode() in (title := path.read_bytes()) and title.startswith(b"postgres:"):
                found.append(int(path.parent.name))
    return found
