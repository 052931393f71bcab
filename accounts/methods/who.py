"""Whose method is being set up: somebody at the set-up step of signing in, or a signed-in person who has just confirmed who they are."""

from dataclasses import dataclass
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.models import Factor, User
from accounts.sessions import confirmed
from accounts.signin.flow import finish
from accounts.signin.steps import Step, progress

REPLACES: Final = "replaces"
"""Session key: the id of the method that the next one proved takes the place of; without it the next one is added."""


@dataclass(frozen=True)
class Setup:
    """The person, and whether this is the first set-up (then signing in goes on) or a change."""

    person: User
    first: bool


def whose_setup(request: HttpRequest) -> Setup | HttpResponse:
    """Return who may set up a method here, or where to send the browser instead (A40: a half-signed-in person with a method may not)."""
    if request.user.is_authenticated:
        if confirmed.is_fresh(request):
            return Setup(request.user, first=False)
        return redirect("confirm", goal="method")
    now = progress(request.session)
    if now.step is not Step.ENROL or now.person is None:
        return redirect(now.step.value)
    return Setup(now.person, first=True)


def after_setup(request: HttpRequest, setup: Setup, factor: Factor) -> HttpResponse:
    """Go on once a method is in place: sign in at a first set-up, else back to the security page with the confirmation used up."""
    if setup.first:
        wanted = finish(request=request, person=setup.person, factor=factor)
        messages.success(request, _("Your MFA method is set up"))
        return redirect(wanted or "home")
    replaced = request.session.pop(REPLACES, None) is not None
    confirmed.clear(request)
    request.session.cycle_key()
    messages.success(request, _("Your MFA method has been changed") if replaced else _("Your MFA method is set up"))
    return redirect("security")
