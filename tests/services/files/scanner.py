"""A scanner that speaks clamd's INSTREAM over a real socket: it knows one virus, the harmless one that all scanners know."""

import socket
import socketserver
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class Scanner(socketserver.ThreadingTCPServer):
    """`mode`: "right", "silent" (hangs up), "error", "small" (takes no more than 100 bytes), or "noise"."""

    daemon_threads = allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.mode = "right"
        self.seen = 0

    @property
    def url(self) -> str:
        """Its address, as SCANNER_URL has it."""
        return f"tcp://127.0.0.1:{self.server_address[1]}"


class _Session(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        server: Any = self.server
        server.seen += 1
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := struct.unpack(">L", self.rfile.read(4))[0]:
            content += self.rfile.read(size)
            if server.mode == "small" and len(content) > 100:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        if server.mode == "right":
            self.wfile.write(b"stream: Win.Test.EICAR_HDB-1 FOUND\0" if EICAR in content else b"stream: OK\0")
        elif server.mode == "error":
            self.wfile.write(b"stream: OK that is what I would like to say ERROR\0")
        elif server.mode == "noise":
            self.wfile.write(b"stream: OK")  # and hangs up before the end of the answer


@contextmanager
def scanner() -> Iterator[Scanner]:
    """A running scanner."""
    with Scanner() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def free_port() -> int:
    """A port where nobody listens."""
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return int(some.getsockname()[1])
