"""The bytes of a kept letter, cut at its marks: what a recipient has of their own is set between the pieces, and nothing else is written anew.

As bytes go over the line to a mail server: lines end in CRLF, and a full stop that begins one stands there twice (RFC 5321, 4.5.2).
"""

from dataclasses import dataclass
from itertools import chain
from typing import Final
from weakref import WeakKeyDictionary

from django.utils.html import escape

from portal.outbox.envelope import LONGEST_LINE, bodies, head, new_boundary
from portal.outbox.models import Message
from portal.outbox.skeleton import MARK, Filled, Skeleton


@dataclass(frozen=True)
class Wire:
    """A letter's two parts in pieces. Behind each piece but the last stands something of the recipient's: what, and whether in HTML."""

    boundary: str
    pieces: tuple[bytes, ...]
    own: tuple[tuple[str, bool], ...]
    lines: tuple[tuple[int, tuple[tuple[str, bool], ...]], ...]
    """Bytes of each line that holds something of the recipient's, and what; then of the longest line of all."""


_known: Final[WeakKeyDictionary[Skeleton, Wire]] = WeakKeyDictionary()


def wired(message: Message, filled: Filled) -> bytes | None:
    """Return a message's bytes; None if what is the recipient's own is out of the ordinary: several lines, a leading full stop, very long."""
    plain = filled.plain
    if any("\n" in text or "\r" in text or text.startswith(".") for text in plain.values()):
        return None
    wire = _known.get(filled.skeleton)
    if wire is None:
        wire = _known[filled.skeleton] = _cut(filled.skeleton)
    own = {(what, False): text.encode() for what, text in plain.items()}
    own |= {(what, True): escape(text).encode() for what, text in plain.items()}
    if any(length + sum(len(own[what]) for what in inside) >= LONGEST_LINE for length, inside in wire.lines):
        return None
    filling = chain.from_iterable((piece, own[what]) for piece, what in zip(wire.pieces, wire.own, strict=False))
    return b"".join((quoted(head(message, filled.subject(), filled.skeleton.letter.languages, wire.boundary)), *filling, wire.pieces[-1]))


def quoted(whole: bytes) -> bytes:
    """Double each full stop that begins a line; no message begins with one."""
    return whole.replace(b"\r\n.", b"\r\n..")


def _cut(skeleton: Skeleton) -> Wire:
    boundary = new_boundary()
    pieces, own, lines = [b""], [], []
    for part, in_html in zip(bodies(skeleton.letter, boundary), (False, True), strict=True):
        first, *others = MARK.split(quoted(part).decode())
        pieces[-1] += first.encode()
        for what, piece in zip(others[::2], others[1::2], strict=True):
            own.append((what, in_html))
            pieces.append(piece.encode())
        for line in part.decode().split("\r\n"):
            inside = tuple((what, in_html) for what in MARK.findall(line))
            lines.append((len(line.encode()), inside))
    with_own = [line for line in lines if line[1]]
    return Wire(boundary, tuple(pieces), tuple(own), (*with_own, (max(length for length, _inside in lines), ())))
