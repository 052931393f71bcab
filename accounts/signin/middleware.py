"""Deny by default: who is not signed in is sent to their next step (SIGN-3)."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse

from accounts.signin.paths import local_path
from accounts.signin.refusals import SignInOver
from accounts.signin.steps import Step, progress


class SignInRequiredMiddleware(LoginRequiredMiddleware):
    """Every page needs a signed-in person unless its view says otherwise; a half-signed-in one is sent on to their duty."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:  # noqa: ARG002
        """Send to the next step; remember a page that was asked for by GET."""
        step = progress(request.session).step
        if step in {Step.SET_PASSWORD, Step.ENROL, Step.FACTOR}:
            return redirect(step.value)
        address = reverse(Step.EMAIL.value)
        wanted = local_path(request.path) if request.method == "GET" else ""
        if wanted and wanted != reverse("home"):
            address = f"{address}?{urlencode({'next': wanted})}"
        return redirect(address)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Begin again, with a word, when the account went while somebody signed in."""
        if not isinstance(exception, SignInOver):
            return None
        request.session.flush()
        messages.error(request, str(exception))
        return redirect(Step.EMAIL.value)
