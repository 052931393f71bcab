"""Give a file out: a clean one, as a file to save and never as a page of ours, by the reverse proxy where there is one (A126, A128, A130)."""

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.utils.http import content_disposition_header

from services.files.models import FileState, PublishedFile


def file_answer(file: PublishedFile) -> HttpResponseBase:
    """Answer with a file that whoever asks may see: the caller has passed the gate. Raises `Http404` for one that is not clean."""
    if file.state != FileState.CLEAN:
        raise Http404
    answer: HttpResponseBase
    if settings.FILES_ACCEL:
        answer = HttpResponse()
        answer["X-Accel-Redirect"] = f"{settings.FILES_ACCEL}/{file.id.hex[:2]}/{file.id.hex}"
    else:
        try:
            answer = FileResponse(file.path.open("rb"))
        except FileNotFoundError:
            raise Http404 from None
        answer["Content-Length"] = str(file.size)
    answer["Content-Type"] = "application/pdf"
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=file.name) or "attachment"
    answer["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
