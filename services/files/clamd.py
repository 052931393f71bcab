"""Ask a scanner whether a file is clean: clamd's INSTREAM, over TCP or a Unix socket (`SCANNER_URL`)."""

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO, Final
from urllib.parse import urlsplit

from portal import limits

_CHUNK: Final = 64 * 1024
_ANSWER_LONGEST: Final = 4096
_PORT: Final = 3310
_FOUND: Final = " FOUND"


class NoVerdict(Exception):
    """The scanner did not say yes or no: it is not there, too slow, or answers something else. The file stays in quarantine."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the scanner said: nothing found, or the name of what was."""

    clean: bool
    said: str


def scan(address: str, stream: BinaryIO) -> Verdict:
    """Send a file and return the verdict. Raises `NoVerdict`; never takes silence for a yes."""
    try:
        with _connect(address) as wire:
            _send(wire, stream)
            answer = _answer(wire)
    except OSError as error:
        raise NoVerdict(str(error) or type(error).__name__) from error
    _who, _colon, said = answer.partition(": ")
    if said == "OK":
        return Verdict(clean=True, said=said)
    if said.endswith(_FOUND):
        return Verdict(clean=False, said=said.removesuffix(_FOUND))
    raise NoVerdict(answer or "no answer")


def _connect(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            wire.settimeout(limits.P24_PROVIDER_SECONDS)
            wire.connect(parts.path)
        except OSError:
            wire.close()
            raise
        return wire
    return socket.create_connection((parts.hostname or "", parts.port or _PORT), timeout=limits.P24_PROVIDER_SECONDS)


def _send(wire: socket.socket, stream: BinaryIO) -> None:
    try:
        wire.sendall(b"zINSTREAM\0")
        while chunk := stream.read(_CHUNK):
            wire.sendall(struct.pack(">L", len(chunk)) + chunk)
        wire.sendall(struct.pack(">L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return  # it hung up because the file is too large for it: its answer says so


def _answer(wire: socket.socket) -> str:
    """Read up to the zero byte that ends an answer; one that is cut off is none."""
    answer = b""
    while len(answer) < _ANSWER_LONGEST and (part := wire.recv(_ANSWER_LONGEST)):
        answer += part
        if b"\0" in answer:
            return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()
    return ""
