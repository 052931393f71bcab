"""The pages of changing one's e-mail: the new address, then the code that was sent there (PRO-2)."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.codes.forms import CodeForm
from accounts.email_change.flow import ask_change, finish_change
from accounts.email_change.forms import NewAddressForm
from accounts.person import person_of
from accounts.sessions import confirmed
from permissions.guards import signed_in
from portal import clock, limits
from portal.web.refusal import Refusal

_TYPED: Final = "email_change_typed"
_TO: Final = "email_change_to"
_ASKED_AT: Final = "email_change_asked_at"


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_page(request: HttpRequest) -> HttpResponse:
    """Ask the new address, of somebody who has just confirmed who they are."""
    form = NewAddressForm(request.POST if request.method == "POST" else None, initial={"email": request.session.get(_TYPED, "")})
    valid = form.is_valid()
    if valid:
        request.session[_TYPED] = form.cleaned_data["email"]
    if not confirmed.is_fresh(request):
        return redirect("confirm", goal="email")
    if valid:
        try:
            _ask(request, form.cleaned_data["email"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return redirect("change-email-code")
    return render(request, "accounts/email_change/address.html", {"form": form})


@signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def code_page(request: HttpRequest) -> HttpResponse:
    """Ask the code that went to the new address, or send another."""
    new = _pending(request)
    if not new:
        return redirect("change-email")
    if "again" in request.POST:
        return _send_again(request, new)
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            finish_change(user=person_of(request), session=request.session, new=new, text=form.cleaned_data["code"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            for key in (_TYPED, _TO, _ASKED_AT):
                request.session.pop(key, None)
            confirmed.clear(request)
            messages.success(request, _("Your email address has been changed. Use it the next time you sign in"))
            return redirect("profile")
    return render(request, "accounts/email_change/code.html", {"form": form, "new": new})


def _send_again(request: HttpRequest, new: str) -> HttpResponse:
    try:
        _ask(request, new)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("We have sent another code. It can take a few minutes to arrive"))
    return redirect("change-email-code")


def _ask(request: HttpRequest, new: str) -> None:
    ask_change(user=person_of(request), session=request.session, new=new)
    request.session[_TO] = new
    request.session[_ASKED_AT] = clock.now().timestamp()


def _pending(request: HttpRequest) -> str:
    """Return the address that waits for its code in this session, for as long as a session may idle; else ""."""
    since = clock.now().timestamp() - request.session.get(_ASKED_AT, 0)
    return str(request.session.get(_TO, "")) if since <= limits.P18_IDLE_MINUTES * 60 else ""
