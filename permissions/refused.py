"""The refusal of a guard, and the page that says why and who can help."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from permissions.centre_mark import FIELD
from permissions.levels import Right
from permissions.reasons import Reason
from permissions.request import CentreRequest
from permissions.scope import managers_of
from permissions.words import code, label


class Forbidden(PermissionDenied):
    """A page said no, with the reason and, for a service, the right that is missing."""

    def __init__(self, reason: Reason, right: Right | None = None) -> None:
        super().__init__(str(reason.sentence))
        self.reason = reason
        self.right = right


class MustChooseCentre(PermissionDenied):
    """The page needs a centre, the person has several and has not chosen one (SIGN-7)."""


class MustProveAgain(PermissionDenied):
    """The page needs a second factor proved in the last 15 minutes (P19)."""


class OtherCentre(PermissionDenied):
    """A form was opened for another centre than the one chosen now (SIGN-7, A78)."""


def other_centre(request: CentreRequest) -> HttpResponse:
    """Answer 409 to a form of another tab: nothing was done, which centre it was opened for, which one is chosen now, and how to go on."""
    marks = request.POST.getlist(FIELD)
    meant = next((place for place in request.open_memberships if marks == [str(place.pk)]), None)
    return render(request, "permissions/other_centre.html", {"meant": meant}, status=409)


def refused(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 403: what cannot be opened, why, and the names of the centre's Exams Officer and Admins if they could change it.

    Serves as `handler403` too, for refusals that are not a guard's.
    """
    reason = exception.reason if isinstance(exception, Forbidden) else None
    right = exception.right if isinstance(exception, Forbidden) else None
    membership = request.membership if isinstance(request, CentreRequest) else None
    can_help = reason is not None and (reason.can_be_lifted_by_the_centre or reason is Reason.MANAGERS_ONLY)
    context = {
        "reason": reason,
        "held_until": getattr(request.user, "held_until", None) if reason is Reason.HELD else None,
        "service": label(right) if right else None,
        "ask": code(right) if right and reason is not None and reason.can_be_lifted_by_the_centre else "",
        "managers": [place for place in managers_of(membership.centre) if place.pk != membership.pk] if membership and can_help else [],
    }
    return render(request, "permissions/refused.html", context, status=403)
