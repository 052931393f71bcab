"""Sign out elsewhere: one device, or all others (PRO-3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.methods.devices import NoSuchDevice, sign_out_device, sign_out_others
from accounts.person import person_of
from permissions.guards import signed_in


@signed_in
@never_cache
@require_POST
def end_device(request: HttpRequest) -> HttpResponse:
    """Sign out on one other device; it counts from its next request."""
    try:
        browser = sign_out_device(person=person_of(request), session=request.session, reference=request.POST.get("device", ""))
    except NoSuchDevice as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Signed out: %(browser)s") % {"browser": browser or _("Unknown browser")})
    return redirect("security")


@signed_in
@never_cache
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    sign_out_others(person=person_of(request), session=request.session)
    messages.success(request, _("You are signed out of all other devices"))
    return redirect("security")
