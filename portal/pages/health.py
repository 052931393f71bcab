"""Health: /live needs nothing, /ready what `portal.readiness` asks. Neither tells a version, or why (A140): the log does."""

import logging
from typing import Final

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from portal.readiness.check import why_not_ready

_log: Final = logging.getLogger("portal.readiness")


@login_not_required
@require_safe
def live(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say that the process answers."""
    return _answer("ok")


@login_not_required
@require_safe
def ready(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """Say whether this process may get requests."""
    reasons = why_not_ready()
    for reason in reasons:
        _log.error("not ready: %s", reason)
    return _answer("not ready", 503) if reasons else _answer("ok")


def _answer(text: str, status: int = 200) -> HttpResponse:
    return HttpResponse(text, status=status, content_type="text/plain; charset=utf-8")
