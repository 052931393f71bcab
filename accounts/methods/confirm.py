"""Confirm it's you: present password, then a fresh code, before password or method can be changed (MFA-3)."""

from typing import Final

from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.codes.forms import CodeForm
from accounts.codes.rules import ResendTooSoon
from accounts.events import Event
from accounts.factors import flow
from accounts.methods.confirm_forms import PresentPasswordForm
from accounts.models import Purpose
from accounts.person import person_of
from accounts.sessions import confirmed
from permissions.guards import signed_in
from portal import clock, limits
from portal.audit.record import record
from portal.web.refusal import Refusal

GOALS: Final = {"password": "change-password", "method": "factor-choose"}
_PASSWORD_AT: Final = "confirm_password_at"  # noqa: S105
_FAILURES: Final = "confirm_failures"


@signed_in
@never_cache
@sensitive_post_parameters("current_password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, goal: str) -> HttpResponse:
    """Ask the present password; five wrong ones end the session (A23)."""
    if goal not in GOALS:
        raise Http404
    if confirmed.is_fresh(request):
        return redirect(GOALS[goal])
    form = PresentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if person_of(request).check_password(form.cleaned_data["current_password"]):
            request.session.pop(_FAILURES, None)
            request.session[_PASSWORD_AT] = clock.now().timestamp()
            _send(request)
            return redirect("confirm-code", goal=goal)
        record(Event.PASSWORD_REFUSED, actor=person_of(request), subject=person_of(request))
        failures = request.session[_FAILURES] = request.session.get(_FAILURES, 0) + 1
        if failures >= limits.P8_CODE_TRIES:
            logout(request)
            return redirect("sign-in")
        form.say_wrong()
    return render(request, "accounts/methods/confirm.html", {"form": form, "goal": goal})


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code_page(request: HttpRequest, goal: str) -> HttpResponse:
    """Ask a fresh code of the present method."""
    if goal not in GOALS:
        raise Http404
    since = clock.now().timestamp() - request.session.get(_PASSWORD_AT, 0)
    factors = flow.confirmed_factors(person_of(request))
    if since > limits.P18_HALF_SIGNED_IN_MINUTES * 60 or not factors:
        return redirect("confirm", goal=goal)
    form = CodeForm(request.POST if "code" in request.POST else None)
    resent = False
    if request.method == "POST" and "again" in request.POST:
        resent = _send(request)
        if not resent:
            form.refuse(ResendTooSoon())
    elif request.method == "POST" and form.is_valid():
        try:
            flow.prove(
                factor=factors[0],
                purpose=Purpose.CONFIRM,
                session=request.session,
                text=form.cleaned_data["code"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session.pop(_PASSWORD_AT, None)
            confirmed.mark(request)
            record(Event.CONFIRMED, actor=person_of(request), subject=person_of(request), goal=goal)
            return redirect(GOALS[goal])
    context = {"form": form, "goal": goal, "factor": factors[0], "person": person_of(request), "resent": resent}
    return render(request, "accounts/methods/confirm_code.html", context)


def _send(request: HttpRequest) -> bool:
    factors = flow.confirmed_factors(person_of(request))
    try:
        for factor in factors[:1]:
            flow.send_factor_code(factor=factor, purpose=Purpose.CONFIRM, session=request.session)
    except ResendTooSoon:
        return False
    return True
