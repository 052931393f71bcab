"""What people see when something is wrong: what happened, what to do, who helps. Nothing of what stood in the address or the form."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

from portal import language
from portal.web.context import page


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """400: the request itself cannot be trusted, so the page asks nothing of it."""
    return _plain(request, "errors/400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """403 of Django's own making; a missing right has its own page, which names who can help (permissions.refused)."""
    return render(request, "errors/403.html", status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404: the same for what is not there and for what may not be known to be there."""
    language.prefer(request)
    return render(request, "errors/404.html", status=404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: no query, no session, no layout of ours; both languages on one page. 503 when it was the database that did not answer (F13)."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return unavailable(request)
    return _plain(request, "errors/500.html", 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: as plain as 500, for a service that is being worked on or is overloaded."""
    answer = _plain(request, "errors/503.html", 503)
    answer["Retry-After"] = "120"
    return answer


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The page stood open too long, cookies are off, or the form was not ours: go back and send it again."""
    return render(request, "errors/csrf.html", status=403)


def _plain(request: HttpRequest, template: str, status: int) -> HttpResponse:
    return HttpResponse(render_to_string(template, page(request)), status=status)
