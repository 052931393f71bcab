"""What people see when something is wrong: what happened, what to do, who helps, in their language; nothing of what was typed in the address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: plain, since the request itself cannot be trusted."""
    return HttpResponse(_plain("errors/400.html"), status=400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: why, and who can help."""
    template = getattr(exception, "template", "errors/403.html")
    return render(request, template, {"exception": exception}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """500: no query, no base template, both languages on one page."""
    return HttpResponse(_plain("errors/500.html"), status=500)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The page was open too long, or the form was not ours."""
    return render(request, "errors/csrf.html", status=403)


def _plain(template: str) -> str:
    return render_to_string(template, {"help_email": settings.HELP_EMAIL})
