"""Answers that take one time, whatever they found: where the work itself cannot be made alike for every account (A03)."""

import time
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, Final, ParamSpec

from django.http import HttpRequest, HttpResponse

from portal import limits

P = ParamSpec("P")
_SECONDS: Final = limits.A03_EVEN_ANSWER_MILLISECONDS / 1000


def even(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Let no answer to a form of this page go before its time, refusals and faults included.

    The same statements run for somebody and for nobody, but rows that are written cost other milliseconds than rows that are not. The
    time is well above what the work takes; a page that is only opened waits for nothing.
    """

    @wraps(view)
    def waiting(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        began = time.perf_counter()
        try:
            return view(request, *args, **kwargs)
        finally:
            if request.method == "POST":
                time.sleep(max(0.0, began + _SECONDS - time.perf_counter()))

    return waiting
