"""How long ago a signed-in person last proved a second factor: managing people and embargoed results ask for 15 minutes at most (P19).

Who proves it, and how, is known on the floor above; this floor reads the moment it left in the session.
"""

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from portal import clock, limits

PROVED_AT: Final = "proved_at"
"""The session key with that moment (epoch seconds); 0 when it must be proved anew."""
_KEPT: Final = "form_under_way"
_LONGEST: Final = 64 * 1024


def is_fresh(request: HttpRequest, minutes: int = limits.P19_FRESH_SENSITIVE_MINUTES) -> bool:
    """Say whether a factor was proved in the last so many minutes."""
    since = clock.now().timestamp() - float(request.session.get(PROVED_AT, 0))
    return 0 <= since <= minutes * 60


def ask_again(request: HttpRequest) -> HttpResponse:
    """Send somebody to prove a factor and back; a form that was just sent is kept in their session meanwhile, so that nothing is lost."""
    request.session.pop(_KEPT, None)
    if request.method == "POST":
        fields = [(name, value) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values]
        if sum(len(name) + len(str(value)) for name, value in fields) <= _LONGEST:
            request.session[_KEPT] = {"path": request.get_full_path(), "fields": fields}
    return redirect(f"{reverse('prove-again')}?{urlencode({'next': request.path})}")


def take_kept_form(request: HttpRequest) -> dict[str, Any] | None:
    """Return the form that waited ({"path", "fields"}: pairs of name and value), once."""
    kept: dict[str, Any] | None = request.session.pop(_KEPT, None)
    return kept


def has_kept_form(request: HttpRequest) -> bool:
    """Say whether a form waits to be sent."""
    return _KEPT in request.session
