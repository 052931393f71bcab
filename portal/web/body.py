"""How large a request may be (P21), asked before anything reads it."""

from collections.abc import Callable
from typing import Final

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse

from portal import limits

_MOST_BYTES: Final = limits.P21_UPLOAD_BYTES + limits.P21_FORM_BYTES
"""A file and the form it came with."""


class BodyLimitMiddleware:
    """Refuse a body that no page takes: Django's own limit leaves files out, and would write any number of gigabytes to the disk first."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Let pass what is small enough. Raises `RequestDataTooBig` (400). A body without a length is none: Django reads nothing of it."""
        if announces_more_than(request, _MOST_BYTES):
            raise RequestDataTooBig("more bytes than any page takes")
        return self.get_response(request)


def announces_more_than(request: HttpRequest, most: int) -> bool:
    """Judge a body by what is announced, since nothing of it has been read yet: more bytes than that, or what is no number."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not length.isascii() or not length.isdigit() or int(length[:20]) > most
