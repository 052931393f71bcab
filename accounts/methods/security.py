"""The security page: password and method, and where one is signed in."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.factors.flow import confirmed_factors
from accounts.factors.rules import masked_number
from accounts.models import Session
from accounts.person import person_of
from accounts.sessions.browsers import in_words
from permissions.guards import signed_in
from portal import clock


@signed_in
@never_cache
@require_GET
def security_page(request: HttpRequest) -> HttpResponse:
    """Show what protects the account, with a way to change each."""
    sessions = Session.objects.filter(user=person_of(request), expire_date__gt=clock.now()).order_by("-seen_at")[:20]
    context = {
        "factors": [(factor, masked_number(factor.number)) for factor in confirmed_factors(person_of(request))],
        "sessions": [(in_words(session.browser), session, session.session_key == request.session.session_key) for session in sessions],
    }
    return render(request, "accounts/methods/security.html", context)


@signed_in
@require_GET
def change_method(_request: HttpRequest) -> HttpResponse:
    """Begin to change the method: first confirm it's you."""
    return redirect("confirm", goal="method")
