"""Give a kept file out: one that was scanned or that we made, through the door of all files, and nothing else (A126, A128, A130)."""

from django.http import Http404, HttpResponseBase

from portal.web.downloads import stored
from services.files.models import SERVED, PublishedFile


def file_answer(file: PublishedFile, *, shown: bool = False) -> HttpResponseBase:
    """Answer with a file that whoever asks may see: the caller has passed the gate. Raises `Http404` for one in quarantine."""
    if file.state not in SERVED:
        raise Http404
    return stored(file.path, stem=file.name.removesuffix(".pdf"), extension="pdf", shown=shown)
