"""Files that people save: never opened in the page, never kept by a cache, with a name that no system reads as anything else (A126, A128).

Each answer carries the whole file, whatever range or version the browser says it has: what it may have is decided anew each time (A118).
"""

import base64
import hashlib
import re
from typing import Final

from django.http import HttpResponse
from django.utils.http import content_disposition_header

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "pdf": "application/pdf",
    "zip": "application/zip",
    "txt": "text/plain; charset=utf-8",
} | {f"X{number:02}": "text/plain; charset=us-ascii" for number in range(100)}
"""What may be saved; no other extension leaves the Portal. X01 and so on are EDI files, numbered in their order."""
_UNSAFE: Final = re.compile(r"[^\w\- ]+")
_LONGEST: Final = 100


def file_name(stem: str, extension: str) -> str:
    """Return a name with one extension of ours; dots, quotes, slashes and control characters become hyphens. Raises `KeyError` for another."""
    TYPES[extension]
    plain = _UNSAFE.sub("-", stem).strip("- ")[:_LONGEST] or "file"
    return f"{plain}.{extension}"


def attachment(content: bytes, *, stem: str, extension: str) -> HttpResponse:
    """Answer with a file to save, with its SHA-256 beside it."""
    answer = HttpResponse(content, content_type=TYPES[extension])
    answer["Content-Disposition"] = str(content_disposition_header(as_attachment=True, filename=file_name(stem, extension)))
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    answer["Accept-Ranges"] = "none"
    answer["Repr-Digest"] = f"sha-256=:{base64.b64encode(hashlib.sha256(content).digest()).decode()}:"
    return answer
