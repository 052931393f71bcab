"""The pages of a forgotten password (guide: Forgot your password)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.passwords.rules import rules_in_words
from accounts.reset.flow import ask_reset, reset_password
from accounts.reset.forms import AskForm, ResetForm
from accounts.sessions import known
from accounts.signin.state import read as sign_in_under_way
from permissions.guards import public
from portal.web.even import even
from portal.web.refusal import Refusal


@public
@even
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_page(request: HttpRequest) -> HttpResponse:
    """Ask where to send the code; the same answer for every address."""
    under_way = sign_in_under_way(request.session)
    form = AskForm(request.POST or None, initial={"email": under_way.email if under_way else ""})
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"]
        try:
            ask_reset(session=request.session, email=email, mark=known.mark_of(request))
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            again = request.session.get("reset_email") == email
            request.session["reset_email"] = email
            if again:
                messages.success(request, _("If this address has an account, we have sent it another code"))
            return redirect("reset-password")
    return render(request, "accounts/reset/ask.html", {"form": form})


@public
@even
@never_cache
@sensitive_post_parameters("code", "new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def reset_page(request: HttpRequest) -> HttpResponse:
    """E-mail, code and new password on one page."""
    email = request.session.get("reset_email", "")
    form = ResetForm(request.POST or None, initial={"email": email})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            reset_password(session=request.session, email=data["email"], code=data["code"], password=data["new_password"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            request.session.flush()
            request.session["known_email"] = data["email"]
            messages.success(request, _("You’ve reset your password"))
            return redirect("sign-in")
    return render(request, "accounts/reset/reset.html", {"form": form, "email": email, "rules": rules_in_words()})
