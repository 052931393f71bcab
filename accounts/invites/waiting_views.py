"""An invite that nobody has accepted yet: send it again, correct its address, take it back (INV-5). Each act asks on its own page."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.invites.flow import correct_address, resend, withdraw
from accounts.invites.forms import CorrectForm
from accounts.invites.queries import standings, withdrawn_at_centre
from accounts.invites.refusals import NotYoursToInvite
from accounts.invites.rules import may_handle
from accounts.invites.views import sent_words
from accounts.models import Invitation, User
from permissions.guards import manages_people
from permissions.models import Membership
from permissions.roles import Role
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from permissions.request import CentreRequest

_MOST_WITHDRAWN = 100


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def resend_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the invite again with a new temporary password."""
    invitation = _invitation(request, pk)
    if request.method != "POST":
        return _page(request, "resend", invitation)
    sent = _do(request, lambda actor: resend(actor=actor, invitation=invitation))
    if sent is not None:
        messages.success(request, sent_words(sent))
    return redirect("manage-users")


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the invite back; its place is free again."""
    invitation = _invitation(request, pk)
    if request.method != "POST":
        return _page(request, "withdraw", invitation)
    gone = _do(request, lambda actor: withdraw(actor=actor, invitation=invitation))
    if gone is not None:
        messages.success(request, _("Invite withdrawn: %(name)s") % {"name": gone.full_name})
    return redirect("manage-users")


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def correct_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct a mistyped address; the invite goes there with a new temporary password."""
    invitation = _invitation(request, pk)
    form = CorrectForm(request.POST if request.method == "POST" else None, initial={"email": invitation.email})
    if form.is_valid():
        try:
            sent = correct_address(actor=_person(request), invitation=invitation, email=form.cleaned_data["email"])
        except NotYoursToInvite as refusal:
            raise PermissionDenied() from refusal
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, sent_words(sent))
            return redirect("manage-users")
    return _page(request, "correct", invitation, form=form)


@manages_people
@require_safe
def withdrawn_page(request: HttpRequest) -> HttpResponse:
    """List the invites that were withdrawn, latest first."""
    rows = withdrawn_at_centre(_place(request).centre)[:_MOST_WITHDRAWN]
    return render(request, "accounts/invites/withdrawn.html", {"invitations": rows})


def _do(request: HttpRequest, deed: Callable[[User], Invitation]) -> Invitation | None:
    """Do it; a refusal becomes a notice on the next page and None."""
    try:
        return deed(_person(request))
    except NotYoursToInvite as refusal:
        raise PermissionDenied() from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal.message))
        return None


def _invitation(request: HttpRequest, pk: UUID) -> Invitation:
    """Return the open invite that holds a place at the actor's centre.

    Missing and foreign are alike not found (A10); an Exams Officer's is refused (A73).
    """
    place = _place(request)
    rows = Invitation.objects.select_related("centre", "membership", "invited_by")
    invitation = rows.filter(membership=pk, centre=place.centre, accepted_at=None, withdrawn_at=None).first()
    if invitation is None:
        raise Http404
    if not may_handle(row_role=Role(invitation.role), by_staff=False, place_role=Role(place.role)):
        raise PermissionDenied
    return invitation


def _page(request: HttpRequest, name: str, invitation: Invitation, **more: object) -> HttpResponse:
    standing = standings([invitation])[invitation.pk]
    return render(request, f"accounts/invites/{name}.html", {"invitation": invitation, "standing": standing, **more})


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)


def _place(request: HttpRequest) -> Membership:
    return cast("Membership", cast("CentreRequest", request).membership)
