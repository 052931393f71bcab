"""Who reads: some at full speed who take the file again and again, and many slow ones, each over a connection of its own."""

import contextlib
import hashlib
import http.client
import selectors
import socket
import ssl
import statistics
import threading
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

_PIECE: Final = 256 * 1024


def _open(port: int, *, tls: bool, seconds: float) -> http.client.HTTPConnection:
    if not tls:
        return http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    return http.client.HTTPSConnection("127.0.0.1", port, timeout=seconds, context=_trusting())


def _trusting() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _take(port: int, path: str, cookie: str, times: int, sha256: str, rate: float) -> int:
    """Read the file so many times over one connection; returns the bytes. The first is compared by its hash, the others by their length.

    `rate`: bytes a second that the line carries once an answer has begun, 0 for no bound.
    """
    line = _open(port, tls=True, seconds=60)
    room, whole, first = memoryview(bytearray(_PIECE)), 0, hashlib.sha256()
    for time_ in range(times):
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        assert answer.status == 200, (answer.status, answer.read(300))
        expected, got, began = int(answer.headers["Content-Length"]), 0, time.perf_counter()
        while many := answer.readinto(room):
            got += many
            if not time_:
                first.update(room[:many])
            if rate:
                time.sleep(max(0.0, began + got / rate - time.perf_counter()))
        assert got == expected
        whole += got
    assert first.hexdigest() == sha256
    line.close()
    return whole


class Crowd:
    """Processes that read at full speed."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._pool = ProcessPoolExecutor(size)

    def take(self, port: int, path: str, cookies: list[str], times: int, sha256: str, line: int = 0) -> tuple[int, float]:
        """Let each read the file so many times, over a line of so many bytes a second for all; returns all bytes and the seconds."""
        began = time.perf_counter()
        jobs = [self._pool.submit(_take, port, path, cookies[number], times, sha256, line / self._size) for number in range(self._size)]
        return sum(job.result() for job in jobs), time.perf_counter() - began

    def stop(self) -> None:
        """End them."""
        self._pool.shutdown()


@dataclass
class Slow:
    """Slow readers in a thread: what has come of each, and what became of them."""

    port: int
    tls: bool
    path: str
    cookies: list[str]
    rate: int
    sha256: str
    give_up: float
    whole: int = 0
    lost: list[str] = field(default_factory=list)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin to read."""
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def reading(self) -> bool:
        """Whether some still read."""
        return self._thread is not None and self._thread.is_alive()

    def join(self) -> None:
        """Wait for the last."""
        assert self._thread is not None
        self._thread.join()

    def _read(self) -> None:
        chooser, until, began = selectors.DefaultSelector(), time.monotonic() + self.give_up, time.monotonic()
        readers = [_Reader(self, cookie) for cookie in self.cookies]
        for one in readers:
            chooser.register(one.wire, selectors.EVENT_READ, one)
        # A step of a tenth of a second: each takes its share of it and no more, so that what it leaves stays with the server.
        while chooser.get_map() and time.monotonic() < until:
            due = (time.monotonic() - began) * self.rate
            ready = {key.data for key, _events in chooser.select(0.1)} | {one for one in readers if one.pending}
            for one in ready:
                if one.got < due and not one.over and one.read(int(due - one.got)):
                    chooser.unregister(one.wire)
                    self._judge(one)
            time.sleep(0.1)
        self.lost += [f"has {one.got} bytes when given up" for one in readers if not one.over]
        for one in readers:
            one.wire.close()

    def _judge(self, one: "_Reader") -> None:
        if one.fits(self.sha256):
            self.whole += 1
        else:
            self.lost.append(one.ended)


class _Reader:
    def __init__(self, crowd: Slow, cookie: str) -> None:
        plain = socket.socket()
        # As a far browser: little waits in the machine's own memory, what it does not take stays with the server.
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 64 * 1024)
        plain.settimeout(60)
        plain.connect(("127.0.0.1", crowd.port))
        self.wire: Any = _trusting().wrap_socket(plain) if crowd.tls else plain
        self.wire.sendall(
            f"GET {crowd.path} HTTP/1.1\r\nHost: 127.0.0.1:{crowd.port}\r\nCookie: {cookie}\r\nConnection: close\r\n"
            "X-Forwarded-Proto: https\r\n\r\n".encode()
        )
        self.wire.setblocking(False)
        self.got, self.over, self.ended = 0, False, ""
        self._content = bytearray()

    @property
    def pending(self) -> bool:
        """Whether something waits that a selector cannot see."""
        return not self.over and isinstance(self.wire, ssl.SSLSocket) and self.wire.pending() > 0

    def read(self, most: int) -> bool:
        """Take up to so many bytes; returns whether this was the end."""
        while most > 0:
            try:
                piece = self.wire.recv(min(most, _PIECE))
            except (BlockingIOError, ssl.SSLWantReadError):
                return False
            except OSError as error:
                self.over, self.ended = True, f"{error} after {self.got} bytes"
                return True
            if not piece:
                self.over = True
                return True
            self._content += piece
            self.got += len(piece)
            most -= len(piece)
        return False

    def fits(self, sha256: str) -> bool:
        head, _end, body = bytes(self._content).partition(b"\r\n\r\n")
        self.ended = self.ended or f"{head[:40]!r}, {len(body)} bytes"
        return hashlib.sha256(body).hexdigest() == sha256


@dataclass
class Pages:
    """Somebody who opens pages of the Portal while others read."""

    port: int
    tls: bool
    cookie: str
    seconds: float

    def open(self, path: str) -> float:
        """Return the seconds that a page took; one that does not come is given up after `seconds`."""
        line = _open(self.port, tls=self.tls, seconds=self.seconds)
        began = time.perf_counter()
        with contextlib.suppress(OSError):
            line.request("GET", path, headers={"Cookie": self.cookie, "X-Forwarded-Proto": "https"})
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
        line.close()
        return time.perf_counter() - began

    def median_while(self, readers: Slow, path: str, pause: float) -> tuple[float, float]:
        """Return the median of openings for as long as others read, and the slowest of them."""
        took = []
        while readers.reading:
            took.append(self.open(path))
            time.sleep(pause)
        readers.join()
        return statistics.median(took), max(took)

    def median(self, path: str, times: int, pause: float) -> float:
        """Return the median of some openings."""
        took = []
        for _time in range(times):
            took.append(self.open(path))
            time.sleep(pause)
        return statistics.median(took)
