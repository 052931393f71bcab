"""Open a file, whatever it is: one by itself or a zip file of several, each as a stream with its name."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from services.formats.lines import Stream
from services.formats.unpack import entries

_ZIP: Final = b"PK\x03\x04"


def files_in(path: Path, name: str) -> Iterator[tuple[str, Stream]]:
    """Yield each file with its name, to be read before the next is asked for. Raises `BadFile` for a zip file that is not plain."""
    with path.open("rb") as stream:
        packed = stream.read(len(_ZIP)) == _ZIP
        stream.seek(0)
        if not packed:
            yield name, stream
            return
        for entry in entries(stream):
            yield PurePosixPath(entry.name).name, entry
