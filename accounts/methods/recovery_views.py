"""The pages of recovery codes: how many are left, ten new ones shown once, kept as a file, ticked off as saved (MFA-2, P10)."""

from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from accounts.factors.recovery.flow import codes_left, make_codes, still_live
from accounts.factors.recovery.rules import NoCodesForStaff
from accounts.methods.saved_form import SavedForm
from accounts.person import person_of
from accounts.sessions import confirmed
from permissions.guards import signed_in
from portal import clock, limits

_FILE: Final = "portal-recovery-codes.txt"


@signed_in
@never_cache
@sensitive_variables("codes")
@require_http_methods(["GET", "HEAD", "POST"])
def codes_page(request: HttpRequest) -> HttpResponse:
    """Say how many codes are left; make ten new ones and show them in this one answer, for no session or address may hold them."""
    person = person_of(request)
    if person.is_staff:
        messages.error(request, str(NoCodesForStaff.message))
        return redirect("security")
    if request.method == "POST":
        if not confirmed.is_fresh(request):
            return redirect("confirm", goal="recovery")
        codes = make_codes(user=person, session=request.session)
        confirmed.clear(request)
        request.session.cycle_key()
        return _show(request, codes, SavedForm())
    context = {"left": codes_left(person), "few": limits.P10_FEW_LEFT, "fresh": confirmed.is_fresh(request)}
    return render(request, "accounts/methods/recovery.html", context)


@signed_in
@never_cache
@sensitive_post_parameters("codes")
@sensitive_variables("codes")
@require_http_methods(["GET", "HEAD", "POST"])
def saved_page(request: HttpRequest) -> HttpResponse:
    """Go on once the box is ticked; else show the same codes again, which the page itself sent along. The language switch asks by GET."""
    form = SavedForm(request.POST)
    if request.method == "POST" and form.is_valid():
        return redirect("security")
    codes = _sent_along(request)
    return _show(request, codes, form) if codes else redirect("recovery-codes")


@signed_in
@never_cache
@sensitive_post_parameters("codes")
@sensitive_variables("codes", "text")
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Give the codes that the page shows back as a text file; nothing but live codes of this very person."""
    codes = _sent_along(request)
    if not codes:
        messages.error(request, _("These recovery codes no longer work. Make new ones"))
        return redirect("recovery-codes")
    text = render_to_string("accounts/methods/recovery_codes.txt", {"codes": codes, "person": person_of(request), "now": clock.now()})
    headers = {"Content-Disposition": f'attachment; filename="{_FILE}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(text.replace("\n", "\r\n"), content_type="text/plain; charset=utf-8", headers=headers)


def _show(request: HttpRequest, codes: list[str], form: SavedForm) -> HttpResponse:
    return render(request, "accounts/methods/recovery_codes.html", {"codes": codes, "form": form, "made_at": clock.now()})


def _sent_along(request: HttpRequest) -> list[str]:
    return still_live(person_of(request), request.POST.getlist("codes")[: limits.P10_RECOVERY_CODES])
