"""Several methods: replace one, add one, remove one, say which is asked for first (MFA-2, MFA-3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.factors.flow import confirmed_factors
from accounts.factors.removal import LastMethod, NoSuchMethod, prefer_factor, remove_factor
from accounts.factors.rules import masked_number
from accounts.methods.security import preferred_of
from accounts.methods.who import REPLACES
from accounts.person import person_of
from accounts.sessions import confirmed
from permissions.guards import signed_in
from portal.web.refusal import Refusal


@signed_in
@never_cache
@require_GET
def change_method(request: HttpRequest) -> HttpResponse:
    """Begin to replace the method that is asked for first, the only one for most: first confirm it's you."""
    preferred = preferred_of(confirmed_factors(person_of(request)))
    if preferred is not None:
        request.session[REPLACES] = preferred.pk
    return redirect("confirm", goal="method")


@signed_in
@never_cache
@require_GET
def replace_method(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin to replace one of several methods: first confirm it's you."""
    if all(factor.pk != pk for factor in confirmed_factors(person_of(request))):
        return _refused(request, NoSuchMethod())
    request.session[REPLACES] = pk
    return redirect("confirm", goal="method")


@signed_in
@never_cache
@require_GET
def add_method(request: HttpRequest) -> HttpResponse:
    """Begin to add a method beside those there are: first confirm it's you."""
    request.session.pop(REPLACES, None)
    return redirect("confirm", goal="method-add")


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def remove_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Name the method that goes, and remove it after a press on the red button; the last one never goes."""
    if not confirmed.is_fresh(request):
        return redirect("confirm", goal="security")
    person = person_of(request)
    if request.method == "POST":
        try:
            gone = remove_factor(user=person, factor_pk=pk, session=request.session)
        except Refusal as refusal:
            return _refused(request, refusal)
        confirmed.clear(request)
        request.session.cycle_key()
        messages.success(request, _("MFA method removed: %(method)s") % {"method": gone})
        return redirect("security")
    factors = confirmed_factors(person)
    factor = next((factor for factor in factors if factor.pk == pk), None)
    if factor is None or len(factors) == 1:
        return _refused(request, LastMethod() if factor else NoSuchMethod())
    return render(request, "accounts/methods/remove.html", {"factor": factor, "digits": masked_number(factor.number)})


@signed_in
@never_cache
@require_POST
def prefer_method(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for this method first from now on."""
    if not confirmed.is_fresh(request):
        return redirect("confirm", goal="security")
    try:
        factor = prefer_factor(user=person_of(request), factor_pk=pk)
    except NoSuchMethod as refusal:
        return _refused(request, refusal)
    messages.success(request, _("Preferred MFA method: %(method)s") % {"method": factor})
    return redirect("security")


def _refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """Go back to the page that shows what there is; a stranger's method and one that is gone look the same (A10)."""
    messages.error(request, str(refusal))
    return redirect("security")
