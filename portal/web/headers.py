"""Headers that every answer carries, static files too."""

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotAllowed

_PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
_STATIC_POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ECHOING: Final = frozenset({"TRACE", "TRACK", "CONNECT"})
"""Methods that no page of ours knows, and that a proxy behind us might answer with what was sent, cookies and all."""


class HeadersMiddleware:
    """Stand outermost: add what Django's own middleware does not, and all of it where that one refused the request; private pages are never stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.headers = {
            "Permissions-Policy": _PERMISSIONS,
            "Cross-Origin-Resource-Policy": "same-origin",
            "Cache-Control": "no-store, private",
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
            "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add."""
        response = self.get_response(request)
        for name, value in self.headers.items():
            response.headers.setdefault(name, value)
        return response


class InTheClearMiddleware:
    """Refuse what is sent in the clear instead of leading it on: a program whose redirected events arrive would never notice that they leak.

    People who merely open a page in the clear are led to TLS by Django's own middleware, which comes next.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer 403 to anything but reading, where the Portal's address begins with https and the request came without TLS."""
        if settings.SECURE_SSL_REDIRECT and request.method not in {"GET", "HEAD"} and not request.is_secure():
            return HttpResponseForbidden("https only\n", content_type="text/plain; charset=utf-8")
        return self.get_response(request)


class DoorMiddleware:
    """Stand before everything that answers, files too: a host that is not ours is refused, and so are methods that send back what was sent."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on what is for us. Raises `DisallowedHost`, which Django answers with 400."""
        request.get_host()
        return HttpResponseNotAllowed(["GET", "HEAD", "POST"]) if request.method in _ECHOING else self.get_response(request)


def static_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    """Give static files the same protection (called by whitenoise)."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = _STATIC_POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _PERMISSIONS
