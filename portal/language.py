"""Which language a page is in: the choice made in this browser, then the person's preference, then the browser's wish, then English."""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

LANGUAGES: Final = ("en", "cy")
GUEST_LANGUAGE: Final = "guest_language"


class LanguageMiddleware:
    """Activate the language of a request (ui.md 1.2)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose before the view; a person's preference is known only later (`process_view`)."""
        asked = request.GET.get("lang", "") if request.method == "GET" else ""
        chosen = asked if asked in LANGUAGES else request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        request.language_chosen = chosen in LANGUAGES  # type: ignore[attr-defined]
        language = chosen if chosen in LANGUAGES else _guest(request) or _wished(request)
        translation.activate(language)
        request.LANGUAGE_CODE = language  # type: ignore[attr-defined]
        response = self.get_response(request)
        if asked in LANGUAGES:
            remember(response, asked)
        response.headers.setdefault("Content-Language", translation.get_language() or language)
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, _view: Any, _args: Any, _kwargs: Any) -> None:
        """Let the signed-in person's preference count where this browser has made no choice."""
        if not getattr(request, "language_chosen", False) and request.user.is_authenticated:
            language = getattr(request.user, "language", "en")
            translation.activate(language)
            request.LANGUAGE_CODE = language  # type: ignore[attr-defined]


def remember(response: HttpResponse, language: str) -> None:
    """Keep a choice made by the person's own click in this browser, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite=settings.LANGUAGE_COOKIE_SAMESITE,
    )


@login_not_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Change the language of this browser and stay on the page; nothing about the person changes."""
    language = request.POST.get("language", "")
    back = request.POST.get("next", "")
    safe = back.isprintable() and back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    response = redirect(back if safe else "/")
    if language in LANGUAGES:
        remember(response, language)
    return response


def _guest(request: HttpRequest) -> str:
    """The language an inviter guessed for somebody at their first sign-in."""
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    guessed = request.session.get(GUEST_LANGUAGE, "")
    return guessed if guessed in LANGUAGES else ""


def _wished(request: HttpRequest) -> str:
    found = translation.get_language_from_request(request)
    return "cy" if found.startswith("cy") else "en"
