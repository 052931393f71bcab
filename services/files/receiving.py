"""Write what staff upload for publishing to a private file, to be read once and deleted."""

import hashlib
from pathlib import Path
from typing import Any, Final

from django.core.files.base import File

_NAME_LONGEST: Final = 150


def name_of(content: File[Any]) -> str:
    """Return the name it came with, without the folders before it."""
    return (content.name or "").replace("\\", "/").rpartition("/")[2][-_NAME_LONGEST:]


def receive(content: File[Any], path: Path) -> tuple[int, str]:
    """Write it in pieces to a new file that only the Portal reads; returns its bytes and its SHA-256 in hexadecimal. Half a file does not stay."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.touch(mode=0o600, exist_ok=False)
    size, digest = 0, hashlib.sha256()
    try:
        with path.open("wb") as stream:
            for chunk in content.chunks():
                digest.update(chunk)
                size += stream.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return size, digest.hexdigest()
