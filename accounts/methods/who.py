"""Whose method is being set up: somebody at the set-up step of signing in, or a signed-in person who has just confirmed who they are."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import User
from accounts.sessions.confirmed import is_fresh
from accounts.signin.steps import Step, progress


@dataclass(frozen=True)
class Setup:
    """The person, and whether this is the first set-up (then signing in goes on) or a change."""

    person: User
    first: bool


def whose_setup(request: HttpRequest) -> Setup | HttpResponse:
    """Return who may set up a method here, or where to send the browser instead (A40: a half-signed-in person with a method may not)."""
    if request.user.is_authenticated:
        if is_fresh(request):
            return Setup(request.user, first=False)
        return redirect("confirm", goal="method")
    now = progress(request.session)
    if now.step is not Step.ENROL or now.person is None:
        return redirect(now.step.value)
    return Setup(now.person, first=True)
