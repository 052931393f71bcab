"""The signed-in person of a request, for views behind a guard that lets nobody else in."""

from typing import cast

from django.http import HttpRequest

from accounts.models import User


def person_of(request: HttpRequest) -> User:
    """Return who is signed in; the guard of the view has refused everybody who is not."""
    return cast("User", request.user)
