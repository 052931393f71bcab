"""Help and the legal texts: real pages for everybody, signed in or not (HELP-2, SIGN-1)."""

from datetime import date
from typing import Final
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

ACCESSIBILITY_STATED_ON: Final = date(2026, 11, 23)
"""When the accessibility statement was last compared with the software."""


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The client's guide, chapter by chapter, what to do when e-mails do not arrive, and whom to ask."""
    return render(request, "portal/help.html")


@login_not_required
@require_safe
def it_page(request: HttpRequest) -> HttpResponse:
    """For a school's IT: the one host and the one sender to allow, both from the settings (HELP-2)."""
    return render(request, "portal/help_it.html", {"host": urlsplit(settings.PORTAL_BASE_URL).netloc})


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Terms & Conditions: a template that the board's text replaces."""
    return render(request, "portal/legal/terms.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Privacy Notice: a template that the board's text replaces."""
    return render(request, "portal/legal/privacy.html")


@login_not_required
@require_safe
def cookies(request: HttpRequest) -> HttpResponse:
    """Cookie Notice: the three cookies there are."""
    return render(request, "portal/legal/cookies.html")


@login_not_required
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Accessibility statement."""
    return render(request, "portal/legal/accessibility.html", {"stated_on": ACCESSIBILITY_STATED_ON})
