"""The Portal's addresses, and one more that always breaks: only `tests/house/wire.py` serves it."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.urls import path

from portal import urls
from portal.urls import handler400, handler403, handler404, handler500

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


@login_not_required
def breaks(request: HttpRequest) -> HttpResponse:
    """Raise what nobody expected, with a secret in its words."""
    raise RuntimeError(f"the password is correct-horse on {request.path}")


urlpatterns = [path("breaks/", breaks), *urls.urlpatterns]
