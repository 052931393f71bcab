"""Confirm it's you: present password, then a fresh factor, before anything that protects the account can be changed (MFA-3, P19)."""

from typing import Final

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.events import Event
from accounts.factors.flow import confirmed_factors
from accounts.factors.rules import TooManyTries
from accounts.methods.confirm_forms import PresentPasswordForm
from accounts.models import Purpose
from accounts.models.session import STARTED
from accounts.person import person_of
from accounts.sessions import confirmed
from accounts.signin.challenge import Challenge, is_answer
from accounts.signin.paths import local_path
from accounts.signin.steps import usable
from permissions.freshness import PROVED_AT, has_kept_form, is_fresh, take_kept_form
from permissions.guards import signed_in
from portal import clock, limits
from portal.audit.record import record
from portal.ratelimit import allow

GOALS: Final = {
    "password": "change-password",
    "method": "factor-choose",
    "method-add": "factor-choose",
    "recovery": "recovery-codes",
    "email": "change-email",
    "security": "security",
}
_PASSWORD_AT: Final = "confirm_password_at"  # noqa: S105
_WAY: Final = "confirm_way"
_TRIES: Final = "confirm_tries"
_PASSWORD_RULE: Final = (limits.P8_CODE_TRIES, 86_400)


@signed_in
@never_cache
@sensitive_post_parameters("current_password")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest, goal: str) -> HttpResponse:
    """Ask the present password; five wrong ones end the session, however many come at once (A15, A23)."""
    if goal not in GOALS:
        raise Http404
    if confirmed.is_fresh(request):
        return redirect(GOALS[goal])
    form = PresentPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        taken = allow.take(allow.Ask("confirm-password", _this_sign_in(request), (_PASSWORD_RULE,)))
        if taken is None:
            return _end(request)
        if person_of(request).check_password(form.cleaned_data["current_password"]):
            allow.give_back(taken)
            request.session[_PASSWORD_AT] = clock.now().timestamp()
            request.session[_TRIES] = 0
            challenge = _challenge(request, Purpose.CONFIRM)
            if challenge.factor is not None:
                challenge.choose(str(challenge.factor.pk))
            return redirect("confirm-code", goal=goal)
        record(Event.PASSWORD_REFUSED, actor=person_of(request), subject=person_of(request))
        if taken.counts["confirm-password", _PASSWORD_RULE[1]] >= _PASSWORD_RULE[0]:
            return _end(request)
        form.say_wrong()
    return render(request, "accounts/methods/confirm.html", {"form": form, "goal": goal})


@signed_in
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_code_page(request: HttpRequest, goal: str) -> HttpResponse:
    """Ask a fresh code of a present method, or a recovery code."""
    if goal not in GOALS:
        raise Http404
    since = clock.now().timestamp() - request.session.get(_PASSWORD_AT, 0)
    if since > limits.P18_HALF_SIGNED_IN_MINUTES * 60:
        return redirect("confirm", goal=goal)
    challenge = _challenge(request, Purpose.CONFIRM)
    if is_answer(request) and challenge.answer(request):
        for used in (_PASSWORD_AT, _WAY, _TRIES):
            request.session.pop(used, None)
        _note_proof(request)
        confirmed.mark(request)
        record(Event.CONFIRMED, actor=person_of(request), subject=person_of(request), goal=goal)
        return redirect(GOALS[goal])
    answer = _go_on_asking(request, challenge)
    context = {"challenge": challenge, "form": challenge.form, "goal": goal}
    return answer or render(request, "accounts/methods/confirm_code.html", context)


@signed_in
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def prove_again_page(request: HttpRequest) -> HttpResponse:
    """Ask a fresh factor alone, for managing people and embargoed results (P19); then go back, with what was being sent."""
    wanted = local_path(request.GET.get("next", "")) or reverse("home")
    if is_fresh(request):
        return _back(request, wanted)
    challenge = _challenge(request, Purpose.CONFIRM)
    if is_answer(request) and challenge.answer(request):
        request.session.pop(_WAY, None)
        request.session.pop(_TRIES, None)
        _note_proof(request)
        request.session.cycle_key()
        record(Event.CONFIRMED, actor=person_of(request), subject=person_of(request), goal="again")
        return _back(request, wanted)
    if request.method == "GET" and challenge.way == "" and challenge.factor is not None:
        challenge.choose(str(challenge.factor.pk))
    answer = _go_on_asking(request, challenge)
    context = {"challenge": challenge, "form": challenge.form, "keeps_form": has_kept_form(request)}
    return answer or render(request, "accounts/methods/prove_again.html", context)


def _this_sign_in(request: HttpRequest) -> str:
    """Name this signed-in session for as long as it lasts: its id is another after each change of centre, which must give no new tries (A23)."""
    return f"{person_of(request).pk} {request.session.get(STARTED)}"


def _back(request: HttpRequest, wanted: str) -> HttpResponse:
    kept = take_kept_form(request)
    return render(request, "accounts/methods/go_on.html", {"kept": kept}) if kept else redirect(wanted)


def _challenge(request: HttpRequest, purpose: Purpose) -> Challenge:
    """Ask the methods that prove something afresh: not a number changed in the last 72 hours (A155)."""
    now = clock.now()
    methods = [factor for factor in usable(person_of(request), confirmed_factors(person_of(request))) if factor.trusted(now)]
    return Challenge(person_of(request), methods, purpose, request.session, way=request.session.get(_WAY, ""))


def _go_on_asking(request: HttpRequest, challenge: Challenge) -> HttpResponse | None:
    """Send again, take another way, or count a wrong answer: the fifth ends the session (P13). None shows the page again."""
    if request.method == "POST" and "way" in request.POST:
        if challenge.choose(request.POST["way"]):
            request.session[_WAY] = challenge.way
        return redirect(request.get_full_path())
    if request.method == "POST" and "again" in request.POST:
        challenge.send_again()
    elif challenge.wrong:
        request.session[_TRIES] = request.session.get(_TRIES, 0) + 1
        if request.session[_TRIES] >= limits.P13_FAILURES_PER_CHALLENGE:
            return _end(request)
    return None


def _note_proof(request: HttpRequest) -> None:
    request.session[PROVED_AT] = clock.now().timestamp()


def _end(request: HttpRequest) -> HttpResponse:
    record(Event.SESSIONS_ENDED, actor=person_of(request), subject=person_of(request))
    logout(request)
    messages.error(request, str(TooManyTries.message))
    return redirect("sign-in")
