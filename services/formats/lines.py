"""Lines of a stream with their numbers, whatever stands in it: the ground of both readers."""

from collections.abc import Iterator
from typing import Protocol


class Stream(Protocol):
    """What a reader needs of a file, a pipe or an entry of a zip file."""

    def readline(self, size: int = -1, /) -> bytes:
        """Return up to the end of a line, or up to so many bytes; nothing at the end."""


def numbered(stream: Stream, most: int) -> Iterator[tuple[int, bytes | None]]:
    """Yield each line with its number; None for one of more than `most` bytes, whose rest is read and thrown away."""
    number = 0
    while line := stream.readline(most + 1):
        number += 1
        if len(line) <= most or line.endswith(b"\n"):
            yield number, line
            continue
        while (rest := stream.readline(most + 1)) and not rest.endswith(b"\n"):
            pass
        yield number, None
