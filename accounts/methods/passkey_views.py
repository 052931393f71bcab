"""Create a passkey, at the first sign-in and later (MFA-2)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.factors.passkey import flow
from accounts.methods.passkey_form import PasskeyForm
from accounts.methods.who import REPLACES, after_setup, whose_setup
from accounts.sessions.browsers import in_words
from permissions.guards import half_signed_in
from portal.web import origin
from portal.web.refusal import Refusal


@half_signed_in
@never_cache
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
def passkey_page(request: HttpRequest) -> HttpResponse:
    """Let the browser create a passkey, and put it in place under a name by which its owner knows it."""
    setup = whose_setup(request)
    if isinstance(setup, HttpResponse):
        return setup
    replaces = request.session.get(REPLACES)
    form = PasskeyForm(request.POST or None, initial={"name": in_words(origin.current().browser)})
    if request.method == "POST" and form.is_valid():
        text, name = request.POST.get("credential", ""), form.cleaned_data["name"]
        try:
            factor = flow.finish_setup(user=setup.person, session=request.session, text=text, name=name, replaces=replaces)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return after_setup(request, setup, factor)
    try:
        options = flow.setup_options(user=setup.person, session=request.session, replaces=replaces)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("factor-choose")
    return render(request, "accounts/methods/passkey.html", {"form": form, "setup": setup, "options": options})
