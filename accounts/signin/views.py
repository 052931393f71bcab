"""The pages of signing in and out (SIGN)."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.events import Event
from accounts.factors.rules import TooManyTries
from accounts.models import Purpose, User
from accounts.passwords.rules import rules_in_words
from accounts.person import person_of
from accounts.sessions import known
from accounts.sessions.middleware import TIMED_OUT
from accounts.signin import flow, state
from accounts.signin.accept import is_invited_elsewhere, set_first_password
from accounts.signin.challenge import Challenge, is_answer
from accounts.signin.forms import EmailForm, FirstPasswordForm, PasswordForm
from accounts.signin.paths import local_path
from accounts.signin.refusals import InviteOver
from accounts.signin.state import SignIn
from accounts.signin.steps import Step, progress
from permissions.guards import half_signed_in, public, signed_in
from portal import clock
from portal.audit.record import record
from portal.web.refusal import Refusal


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def email_page(request: HttpRequest) -> HttpResponse:
    """Ask the e-mail address; answers alike whoever it belongs to (SIGN-1)."""
    if request.user.is_authenticated:
        return redirect("home")
    wanted = local_path(request.POST.get("next") or request.GET.get("next", ""))
    form = EmailForm(request.POST or None, initial={"email": request.session.get("known_email", "")})
    if request.method == "POST" and form.is_valid():
        flow.give_email(session=request.session, email=form.cleaned_data["email"], next_path=wanted)
        return redirect(Step.PASSWORD.value)
    timed_out = request.session.pop(TIMED_OUT, False) if request.session.get(TIMED_OUT) else False
    return render(request, "accounts/signin/email.html", {"form": form, "next": wanted, "timed_out": timed_out})


@half_signed_in
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def password_page(request: HttpRequest) -> HttpResponse:
    """Ask the password, own or temporary."""
    now = progress(request.session)
    if now.step is not Step.PASSWORD or now.state is None:
        return redirect(now.step.value)
    form = PasswordForm(request.POST or None)
    over: InviteOver | None = None
    if request.method == "POST" and form.is_valid():
        try:
            step = flow.give_password(
                session=request.session, state=now.state, password=form.cleaned_data["password"], mark=known.mark_of(request)
            )
        except InviteOver as refusal:
            over = refusal
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect(step.value)
    context = {"form": form, "email": now.state.email, "over": over}
    return render(request, "accounts/signin/password.html", context)


@half_signed_in
@never_cache
@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def set_password_page(request: HttpRequest) -> HttpResponse:
    """Create a password of one's own after a temporary one (SIGN-3)."""
    now = progress(request.session)
    if now.step is not Step.SET_PASSWORD or now.invitation is None or now.state is None:
        return redirect(now.step.value)
    form = FirstPasswordForm(request.POST or None, initial={"language": get_language()})
    if request.method == "POST" and form.is_valid():
        try:
            person = set_first_password(
                invitation=now.invitation,
                password=form.cleaned_data["new_password"],
                language=form.cleaned_data["language"],
            )
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            enrolling = SignIn(email=person.email, at=clock.now().timestamp(), next=now.state.next, person=str(person.pk))
            state.write(request.session, enrolling)
            request.session["guest_language"] = person.language
            request.session.cycle_key()
            return redirect(Step.ENROL.value)
    context = {"form": form, "email": now.invitation.email, "rules": rules_in_words()}
    return render(request, "accounts/signin/set_password.html", context)


@half_signed_in
@never_cache
@sensitive_post_parameters("code", "credential")
@require_http_methods(["GET", "HEAD", "POST"])
def factor_page(request: HttpRequest) -> HttpResponse:
    """Ask the code of the person's method, or of another way they choose (SIGN-4)."""
    now = progress(request.session)
    if now.step is not Step.FACTOR or now.person is None or now.state is None:
        return redirect(now.step.value)
    challenge = Challenge(now.person, list(now.factors), Purpose.SIGN_IN, request.session, way=now.state.way)
    if is_answer(request):
        if challenge.answer(request):
            return _proved(request, now.state, now.person, challenge)
        if challenge.wrong and _is_over(request, now.state, now.person):
            messages.error(request, str(TooManyTries.message))
            return redirect(Step.EMAIL.value)
    elif request.method == "POST" and "way" in request.POST:
        if challenge.choose(request.POST["way"]):
            now.state.way = challenge.way
            state.write(request.session, now.state)
        return redirect(Step.FACTOR.value)
    elif request.method == "POST" and "again" in request.POST:
        challenge.send_again()
    return render(request, "accounts/signin/factor.html", {"challenge": challenge, "form": challenge.form})


def _is_over(request: HttpRequest, under_way: SignIn, person: User) -> bool:
    known_browser = known.is_known(email=person.email, mark=known.mark_of(request))
    return flow.wrong_code(session=request.session, state=under_way, person=person, known_browser=known_browser)


def _proved(request: HttpRequest, under_way: SignIn, person: User, challenge: Challenge) -> HttpResponse:
    if flow.needs_stronger(person, challenge.factor):
        under_way.proved = "email"
        state.write(request.session, under_way)
        request.session.cycle_key()
        return redirect(Step.ENROL.value)
    wanted = flow.finish(request=request, person=person, factor=challenge.factor)
    return redirect(_after_signing_in(request, wanted))


@signed_in
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the stored session; a POST, on every page (SIGN-6)."""
    record(Event.SIGNED_OUT, actor=request.user, subject=request.user)
    logout(request)
    response = redirect("signed-out")
    # The cookies stay: the session's is worthless, the others hold the language and the mark of this browser.
    response["Clear-Site-Data"] = '"cache", "storage"'
    return response


@public
@never_cache
@require_http_methods(["GET"])
def signed_out(request: HttpRequest) -> HttpResponse:
    """Say that one has signed out."""
    return render(request, "accounts/signin/signed_out.html")


def _after_signing_in(request: HttpRequest, wanted: str) -> str:
    if is_invited_elsewhere(person_of(request)):
        return "join-centre"
    if not wanted and request.session.get("staff") and not person_of(request).memberships.exists():
        return "admin:index"
    return wanted or "home"
