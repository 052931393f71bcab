"""The guards: every view wears exactly one, which a sweep over all URLs checks. Each sets `view.guard` and refuses before the view runs."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from permissions import policy
from permissions.access import FRESH
from permissions.centre_mark import is_stale
from permissions.freshness import is_fresh
from permissions.levels import Level, Right, Service
from permissions.models import Membership
from permissions.reasons import Reason
from permissions.refused import Forbidden, MustChooseCentre, MustProveAgain, OtherCentre
from permissions.request import CentreRequest
from permissions.roles import Role
from permissions.scope import holdings, today

P = ParamSpec("P")
R = TypeVar("R", bound=HttpRequest)
A = TypeVar("A", bound=HttpResponseBase)
V = TypeVar("V", bound=Callable[..., Any])


class Kind(Enum):
    """Who may open a view."""

    PUBLIC = "public"
    HALF_SIGNED_IN = "half_signed_in"
    SIGNED_IN = "signed_in"
    MEMBER = "member"
    NEEDS = "needs"
    MANAGES_PEOPLE = "manages_people"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Guard:
    """What a view asks of its visitor; `right` only with `Kind.NEEDS`."""

    kind: Kind
    right: Right | None = None


def public(view: V) -> V:
    """Open a view to everybody."""
    return _mark(login_not_required(view), Guard(Kind.PUBLIC))


def half_signed_in(view: V) -> V:
    """Leave a view to the sign-in steps, which know how far the visitor has come."""
    return _mark(login_not_required(view), Guard(Kind.HALF_SIGNED_IN))


def signed_in(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
    """Open a view to everybody who is signed in, with or without a centre."""
    return _guarded(view, Guard(Kind.SIGNED_IN), _refuse_anonymous)


def member(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
    """Open a view to everybody with a place at the chosen centre, whatever their rights."""
    return _guarded(view, Guard(Kind.MEMBER), _refuse_without_place)


def needs(service: Service, level: Level) -> Callable[[Callable[Concatenate[R, P], A]], Callable[Concatenate[R, P], A]]:
    """Open a view to people of the chosen centre who hold a right today (ROLE)."""

    def refuse(request: HttpRequest) -> None:
        centre_request, membership = _standing(request)
        if (service, level) not in centre_request.rights:
            reason = policy.why_not(Role(membership.role), holdings(membership), service, level, today())
            held = Reason.HELD if centre_request.is_held else Reason.NOT_GIVEN
            raise Forbidden(reason or held, (service, level))
        if (service, level) in FRESH:
            _refuse_stale(request)

    def decorate(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
        return _guarded(view, Guard(Kind.NEEDS, (service, level)), refuse)

    return decorate


def manages_people(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
    """Open a view to the Exams Officer and the Admins of the chosen centre (INV-2) who proved a factor in the last 15 minutes (P19)."""
    return _guarded(view, Guard(Kind.MANAGES_PEOPLE), _refuse_who_manages_nobody)


def staff(view: Callable[Concatenate[R, P], A]) -> Callable[Concatenate[R, P], A]:
    """Open a view to the help desk."""
    return _guarded(view, Guard(Kind.STAFF), _refuse_all_but_staff)


def _guarded(view: Callable[Concatenate[R, P], A], guard: Guard, refuse: Callable[[HttpRequest], None]) -> Callable[Concatenate[R, P], A]:
    @wraps(view)
    def guarded(request: R, /, *args: P.args, **kwargs: P.kwargs) -> A:
        refuse(request)
        return view(request, *args, **kwargs)

    return _mark(guarded, guard)


def _mark(view: V, guard: Guard) -> V:
    view.guard = guard  # type: ignore[attr-defined]
    return view


def _refuse_anonymous(request: HttpRequest) -> None:
    """Hold even where the sign-in middleware does not stand before the view."""
    if not request.user.is_authenticated:
        raise Forbidden(Reason.NOT_SIGNED_IN)


def _standing(request: HttpRequest) -> tuple[CentreRequest, Membership]:
    """Return the request as one that knows a chosen membership, and that membership.

    Raises `MustChooseCentre`, `Forbidden`, or `OtherCentre` for a form that was opened for another centre.
    """
    _refuse_anonymous(request)
    if not isinstance(request, CentreRequest):
        raise TypeError("CentreMiddleware has not seen this request")
    if request.must_choose_centre:
        raise MustChooseCentre()
    if request.membership is None:
        raise Forbidden(request.why_no_centre)
    if is_stale(request):
        raise OtherCentre()
    return request, request.membership


def _refuse_without_place(request: HttpRequest) -> None:
    _standing(request)


def _refuse_who_manages_nobody(request: HttpRequest) -> None:
    centre_request, membership = _standing(request)
    if not policy.manages_people(Role(membership.role)):
        raise Forbidden(Reason.MANAGERS_ONLY)
    if centre_request.is_held:
        raise Forbidden(Reason.HELD)
    _refuse_stale(request)


def _refuse_stale(request: HttpRequest) -> None:
    if not is_fresh(request):
        raise MustProveAgain()


def _refuse_all_but_staff(request: HttpRequest) -> None:
    _refuse_anonymous(request)
    if not request.user.is_staff:
        raise Forbidden(Reason.STAFF_ONLY)
