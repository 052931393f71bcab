"""What no browser of ours sends is refused before anything reads it: 400 instead of a fault further in."""

from collections.abc import Callable
from typing import Final

from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponse

_CHARSETS: Final = frozenset({"utf-8", "utf8"})


class Request(WSGIRequest):
    """A request that is read as UTF-8, whatever it claims: Django reads the address with the claimed set, and "hex" or "idna" raise."""

    @property
    def encoding(self) -> None:
        """Name no other set than the default."""

    @encoding.setter
    def encoding(self, claimed: str | None) -> None:
        """Take no notice; the middleware refuses the request."""


class WellFormedMiddleware:
    """Refuse a request that claims another character set than UTF-8."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look, then answer."""
        charset = (request.content_params or {}).get("charset", "utf-8")
        if charset.strip("\"'").lower() not in _CHARSETS:
            raise BadRequest("another character set than UTF-8")
        return self.get_response(request)
