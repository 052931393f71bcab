"""Which language a page is in.

The choice made in this browser, then the person's preference, then the inviter's guess, then the browser's wish, then English (ui.md 1.2).
"""

from collections.abc import Callable
from typing import Any, Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

LANGUAGES: Final = ("en", "cy")
GUEST_LANGUAGE: Final = "guest_language"
"""The session key of an inviter's guess: the language of the pages of somebody's first sign-in, never their record."""


class LanguageMiddleware:
    """Activate the language of a request (ui.md 1.2). Stands before AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Choose by browser; who is signed in is known only later (`process_view`)."""
        _activate(request, _chosen(request) or _guest(request) or _wished(request))
        response = self.get_response(request)
        if asked := getattr(request, "language_asked", ""):
            remember(response, asked)
        response.headers.setdefault("Content-Language", translation.get_language() or "en")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response

    def process_view(self, request: HttpRequest, view: Callable[..., Any], _args: Any, _kwargs: Any) -> None:
        """Let `?lang=` count on public pages, and a signed-in person's preference where this browser has made no choice."""
        asked = _asked(request)
        if asked and not getattr(view, "login_required", True):
            request.language_asked = asked  # type: ignore[attr-defined]
            _activate(request, asked)
        else:
            prefer(request)


def prefer(request: HttpRequest) -> None:
    """Use a signed-in person's preference unless this browser has made a choice. Error pages call it: no view was found for them."""
    user = getattr(request, "user", None)
    if user is not None and not _chosen(request) and user.is_authenticated:
        _activate(request, getattr(user, "language", "") or "en")


def remember(response: HttpResponse, language: str) -> None:
    """Keep a choice made by the person's own click in this browser, for a year."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=settings.LANGUAGE_COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        httponly=settings.LANGUAGE_COOKIE_HTTPONLY,
        samesite="Lax",
    )


@login_not_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Change the language of this browser and stay on the page; nothing about the person changes."""
    language = request.POST.get("language", "")
    response = redirect(_own_path(request.POST.get("next", "")))
    if language in LANGUAGES:
        remember(response, language)
        _offer_preference(request, language)
    return response


def _offer_preference(request: HttpRequest, language: str) -> None:
    """Ask, in the language just chosen, whether messages shall follow; never change the record silently."""
    if not request.user.is_authenticated or getattr(request.user, "language", language) == language:
        return
    with translation.override(language):
        offer = _("Use Welsh for your e-mails and texts too?") if language == "cy" else _("Use English for your e-mails and texts too?")
        messages.info(request, format_html('{} <a href="{}">{}</a>', offer, reverse("profile"), _("Settings")))


def _own_path(path: str) -> str:
    """Return the path if it is one of ours and harmless in a header, else the front door."""
    harmless = path.startswith("/") and path.isprintable()
    return path if harmless and url_has_allowed_host_and_scheme(path, allowed_hosts=None) else "/"


def _activate(request: HttpRequest, language: str) -> None:
    translation.activate(language)
    request.LANGUAGE_CODE = language


def _asked(request: HttpRequest) -> str:
    """Return the language that a link of one of our messages asks for."""
    asked = request.GET.get("lang", "") if request.method in {"GET", "HEAD"} else ""
    return asked if asked in LANGUAGES else ""


def _chosen(request: HttpRequest) -> str:
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    return chosen if chosen in LANGUAGES else ""


def _guest(request: HttpRequest) -> str:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return ""
    guessed = request.session.get(GUEST_LANGUAGE, "")
    return guessed if guessed in LANGUAGES else ""


def _wished(request: HttpRequest) -> str:
    return "cy" if translation.get_language_from_request(request).startswith("cy") else "en"
