"""The page that freezes an account. Nothing happens on GET: mail scanners follow links."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.freeze.flow import freeze, freeze_own
from accounts.freeze.forms import FreezeForm
from accounts.person import person_of
from permissions.guards import public
from portal.web.refusal import Refusal


@public
@never_cache
@sensitive_post_parameters("reference")
@require_http_methods(["GET", "HEAD", "POST"])
def freeze_page(request: HttpRequest) -> HttpResponse:
    """Say what freezing does, and do it: one's own account when signed in, else the one whose notice is at hand."""
    if request.user.is_authenticated:
        return _own(request)
    form = FreezeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            freeze(reference=form.cleaned_data["reference"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _done(request)
    return render(request, "accounts/freeze/freeze.html", {"form": form})


def _own(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "accounts/freeze/freeze.html", {"own": True})
    freeze_own(user=person_of(request))
    return _done(request)


def _done(request: HttpRequest) -> HttpResponse:
    request.session.flush()
    messages.success(request, _("The account is frozen: nobody can sign in to it. We have sent an email that says how to open it again"))
    return redirect("sign-in")
