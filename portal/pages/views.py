"""Help and the legal texts: real pages for everybody, signed in or not (HELP-2, SIGN-1)."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_not_required
@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """The client's guide, chapter by chapter, and whom to ask."""
    return render(request, "portal/help.html")


@login_not_required
@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Terms & Conditions (the board's text replaces the template)."""
    return render(request, "portal/legal/terms.html")


@login_not_required
@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """Privacy Notice (the board's text replaces the template)."""
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
    return render(request, "portal/legal/accessibility.html")
