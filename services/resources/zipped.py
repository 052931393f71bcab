"""A selection as one zip file, made on the disk and handed to the proxy, so that no worker waits for a slow reader (SVC-8).

The same selection is the same file, whoever asks; it holds only what is everybody's. Files are removed after a while by the timetable.
"""

import hashlib
import os
import secrets
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from permissions.models import Membership
from portal import limits
from portal.ratelimit.allow import Ask, take
from services.resources.models import Resource
from services.resources.refusals import NothingChosen, TooManyZips, TooMuchChosen

_HOUR: Final = 3600
_FIRST_DAY: Final = (1980, 1, 1, 0, 0, 0)
"""The oldest time that a zip file can say: the same selection gives the same bytes."""


def zip_of(*, actor: Membership, resources: Sequence[Resource], asked: int) -> Path:
    """Make the zip file of what somebody chose, of `asked` ids, or find it. Raises `NothingChosen`, `TooMuchChosen`, `TooManyZips`."""
    if not resources:
        raise NothingChosen()
    if asked > limits.SVC8_ZIP_FILES or sum(one.file.size for one in resources) > limits.SVC8_ZIP_BYTES:
        raise TooMuchChosen()
    if take(Ask("resource-zip", str(actor.user_id), [(limits.SVC8_ZIPS_PER_HOUR, _HOUR)])) is None:
        raise TooManyZips()
    name = hashlib.sha256("".join(f"{one.pk}{one.file.digest}" for one in resources).encode()).hexdigest()
    path = _folder() / f"{name}.zip"
    try:
        os.utime(path)
    except FileNotFoundError:
        _write(path, resources)
    return path


def forget_old() -> int:
    """Remove zip files that nobody asked for in the last minutes; what is being read stays readable. Returns how many."""
    before = time.time() - limits.SVC8_ZIP_MINUTES * 60
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def _folder() -> Path:
    folder = Path(settings.FILES_DIR) / "zips"
    folder.mkdir(parents=True, exist_ok=True, mode=0o750)
    return folder


def _write(path: Path, resources: Sequence[Resource]) -> None:
    """Write beside it and move it there whole. PDFs are packed already: stored, not packed again."""
    half = path.with_suffix(f".{secrets.token_hex(8)}")
    taken: set[str] = set()
    with zipfile.ZipFile(half, "x", compression=zipfile.ZIP_STORED) as packed:
        for number, one in enumerate(resources, start=1):
            name = one.file.name if one.file.name not in taken else f"{one.file.name.removesuffix('.pdf')}-{number}.pdf"
            taken.add(name)
            packed.writestr(zipfile.ZipInfo(name, _FIRST_DAY), one.file.path.read_bytes())
    half.replace(path)
