"""Take a file in: checked, written under an id of its own, in quarantine (A126, A130)."""

import hashlib
import os
import unicodedata
from typing import Final

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from portal.audit.record import record
from portal.web.downloads import file_name
from services.files import strays
from services.files.events import Event
from services.files.models import FileKind, FileState, PublishedFile
from services.formats import pdf
from services.formats.typeset import Document

_EXTENSION: Final = ".pdf"


@transaction.atomic
def keep_file(*, actor: User, kind: FileKind, name: str, content: bytes | Document) -> PublishedFile:
    """Keep a PDF; nobody is served it until the scanner has looked. Raises `BadFile` for anything but a plain PDF.

    A `Document` is none of others': we make its bytes here and now, so nothing is left to scan. Only a demonstration, which has no scanner,
    has such files: raises `PermissionDenied` elsewhere. Bytes are from outside, whoever brings them.
    """
    made = isinstance(content, Document)
    if made and not settings.DEMO:
        raise PermissionDenied
    content = content.pdf() if isinstance(content, Document) else content
    pdf.check(content)
    kept = PublishedFile(
        kind=kind,
        name=safe_name(name),
        size=len(content),
        digest=hashlib.sha256(content).hexdigest(),
        state=FileState.MADE if made else FileState.QUARANTINED,
        kept_by=actor,
    )
    kept.path.parent.mkdir(parents=True, exist_ok=True, mode=0o750)
    strays.mark(kept)
    # Readable by the folder's group, which is the proxy's, and by nobody else.
    # Exclusively, and on the disk before the row says so: a row without its bytes would be worse than bytes without a row.
    kept.path.touch(mode=0o640, exist_ok=False)
    with kept.path.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    kept.save(force_insert=True)
    record(Event.FILE_MADE if made else Event.FILE_KEPT, actor=actor, subject=kept, type=str(kind), size=kept.size, digest=kept.digest)
    return kept


def safe_name(name: str) -> str:
    """Return a name that is only a name: what stands before it in a path is left out, and it has one ending, that of a PDF (A128)."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    return file_name(last[: -len(_EXTENSION)] if last.casefold().endswith(_EXTENSION) else last, "pdf")
