"""How long ago a signed-in person proved again who they are: password and factor (MFA-3, P19)."""

from django.http import HttpRequest

from portal import clock, limits

CONFIRMED_AT = "confirmed_at"


def is_fresh(request: HttpRequest) -> bool:
    """Say whether password and factor were proved in the last five minutes."""
    since = clock.now().timestamp() - request.session.get(CONFIRMED_AT, 0)
    return bool(0 <= since <= limits.P19_FRESH_CREDENTIALS_MINUTES * 60)


def mark(request: HttpRequest) -> None:
    """Note that password and factor were proved now; the session gets a new id."""
    request.session[CONFIRMED_AT] = clock.now().timestamp()
    request.session.cycle_key()


def clear(request: HttpRequest) -> None:
    """Use the confirmation up."""
    request.session.pop(CONFIRMED_AT, None)
