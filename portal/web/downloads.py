"""THE door through which files leave: never run, never kept by a cache, with a name that no system reads as anything else (A126, A128).

Whoever calls has asked the gate, each time anew: an answer carries no mark by which a copy could be confirmed later, by its owner or by
anybody else (A118). What is made in memory goes whole; what stands on the disk goes by the reverse proxy where there is one, which then
answers ranges itself, and so never holds a worker however slow its reader is.
"""

import base64
import hashlib
import re
from pathlib import Path
from typing import Final

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "ics": "text/calendar; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
} | {f"X{number:02}": "text/plain; charset=us-ascii" for number in range(100)}
"""What may be saved; no other extension leaves the Portal. X01 and so on are EDI files, numbered in their order."""
_SHOWN: Final = frozenset({"pdf"})
_SANDBOX: Final = "default-src 'none'; sandbox"
_UNSAFE: Final = re.compile(r"[^\w\- ]+")
_LONGEST: Final = 100


def file_name(stem: str, extension: str) -> str:
    """Return a name with one extension of ours; dots, quotes, slashes and control characters become hyphens. Raises `KeyError` for another."""
    TYPES[extension]
    plain = _UNSAFE.sub("-", stem).strip("- ")[:_LONGEST] or "file"
    return f"{plain}.{extension}"


def attachment(content: bytes, *, stem: str, extension: str) -> HttpResponse:
    """Answer with a file to save, with its SHA-256 beside it."""
    answer = HttpResponse(content)
    answer["Accept-Ranges"] = "none"
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
    _close(answer, stem, extension, shown=False)
    return answer


def stored(path: Path, *, stem: str, extension: str, shown: bool = False) -> HttpResponseBase:
    """Answer with a file that stands in FILES_DIR: to save, or `shown` in a page of ours (a PDF only). Raises `Http404` where there is none."""
    if shown and extension not in _SHOWN:
        raise ValueError(f"{extension} is saved, never shown")
    try:
        answer = _by_proxy(path) if settings.FILES_ACCEL else _whole(path)
    except FileNotFoundError:
        raise Http404 from None
    _close(answer, stem, extension, shown=shown)
    return answer


def _whole(path: Path) -> FileResponse:
    answer = FileResponse(path.open("rb"))
    answer["Accept-Ranges"] = "none"
    return answer


def _by_proxy(path: Path) -> HttpResponse:
    if not path.is_file():
        raise FileNotFoundError(path)
    answer = HttpResponse()
    answer["X-Accel-Redirect"] = f"{settings.FILES_ACCEL}/{path.relative_to(settings.FILES_DIR).as_posix()}"
    return answer


def _close(answer: HttpResponseBase, stem: str, extension: str, *, shown: bool) -> None:
    """Say what the file is and shut it in: as if it came from a place of its own, without programs, and in no page but ours."""
    name = file_name(stem, extension)
    answer["Content-Type"] = TYPES[extension]
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=not shown, filename=name))
    answer["Content-Security-Policy"] = f"{_SANDBOX}; frame-ancestors 'self'" if shown else _SANDBOX
    answer["X-Frame-Options"] = "SAMEORIGIN" if shown else "DENY"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
