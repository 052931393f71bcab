"""Change one's password (guide: How to change your MFA and Password)."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.passwords.flow import change_password
from accounts.passwords.forms import NewPasswordForm
from accounts.passwords.rules import rules_in_words
from accounts.person import person_of
from accounts.sessions import confirmed
from permissions.guards import signed_in
from portal.web.refusal import Refusal


@signed_in
@never_cache
@sensitive_post_parameters("new_password")
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest) -> HttpResponse:
    """Ask the new password, once the person has confirmed who they are in the last five minutes."""
    if not confirmed.is_fresh(request):
        return redirect("confirm", goal="password")
    form = NewPasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            change_password(user=person_of(request), session=request.session, password=form.cleaned_data["new_password"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            confirmed.clear(request)
            update_session_auth_hash(request, person_of(request))
            messages.success(request, _("You’ve changed your password"))
            return redirect("security")
    return render(request, "accounts/passwords/change.html", {"form": form, "rules": rules_in_words()})
