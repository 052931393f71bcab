"""The security page: what protects the account, where one is signed in, and what happened lately (PRO-3)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from accounts.factors.flow import allowed_methods, confirmed_factors
from accounts.factors.passkey import flow as passkey
from accounts.factors.recovery.flow import codes_left
from accounts.factors.rules import masked_number
from accounts.methods.activity import recent_activity
from accounts.methods.devices import devices_of
from accounts.models import Factor, Method, User
from accounts.person import person_of
from permissions.guards import signed_in
from portal import limits


@signed_in
@never_cache
@require_GET
def security_page(request: HttpRequest) -> HttpResponse:
    """Show what protects the account, with a way to change each; always the same number of queries."""
    person = person_of(request)
    factors = confirmed_factors(person)
    devices = devices_of(person, request.session)
    context = {
        "factors": [(factor, masked_number(factor.number)) for factor in factors],
        "preferred": preferred_of(factors),
        "may_add": _may_add(person, factors),
        "codes_left": codes_left(person),
        "devices": devices,
        "others": any(not device.this for device in devices),
        "activity": recent_activity(person),
    }
    return render(request, "accounts/methods/security.html", context)


def preferred_of(factors: list[Factor]) -> Factor | None:
    """Return the method that is asked for first: the chosen one, or the first in the guide's order."""
    return next((factor for factor in factors if factor.is_default), factors[0] if factors else None)


def _may_add(person: User, factors: list[Factor]) -> bool:
    """Say whether there is a method left to add: one of each, several passkeys where they work; staff have the app alone (MFA-1)."""
    held = [factor.method for factor in factors]
    most = {Method.PASSKEY: limits.PASSKEYS_PER_PERSON if passkey.offered() else 0}
    return any(held.count(method) < most.get(method, 1) for method in allowed_methods(person))
