"""Headers that every answer carries, static files too."""

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

_PERMISSIONS: Final = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()"
_STATIC_POLICY: Final = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors 'none'"


class HeadersMiddleware:
    """Add what Django's own middleware does not; private pages are never stored."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, then add."""
        response = self.get_response(request)
        response.headers.setdefault("Permissions-Policy", _PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store, private")
        return response


def static_headers(headers: dict[str, str], _path: str, _url: str) -> None:
    """Give static files the same protection (called by whitenoise)."""
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Content-Security-Policy"] = _STATIC_POLICY
    headers["Cross-Origin-Resource-Policy"] = "same-origin"
    headers["Permissions-Policy"] = _PERMISSIONS
