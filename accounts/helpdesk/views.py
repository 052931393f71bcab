"""Pages of the help desk beside Django's own."""

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.helpdesk.asking import Question, ask_why, demand
from accounts.helpdesk.forms import InviteExamsOfficerForm
from accounts.invites.flow import invite_exams_officer
from permissions.centres.flow import freeze, reactivate
from permissions.guards import staff
from permissions.models import Centre
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from accounts.models import User


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def invite_exams_officer_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whom to invite as the Exams Officer of a centre, and invite them (INV-2)."""
    if not admin.site.has_permission(request):
        return redirect("home")
    demand(request, "accounts.add_invitation")
    centre = get_object_or_404(Centre, pk=pk)
    form = InviteExamsOfficerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            invitation = invite_exams_officer(actor=cast("User", request.user), centre=centre, details=form.details)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("Invite sent to: %(email)s") % {"email": invitation.email})
            return redirect(reverse("admin:permissions_centre_change", args=[centre.pk]))
    context = {**admin.site.each_context(request), "form": form, "centre": centre, "title": _("Invite Exams Officer")}
    return render(request, "admin/invite_exams_officer.html", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def freeze_centre_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Suspend all access to a centre, with a reason (MAN-5)."""
    effect = _("Nobody can open anything of this centre from their next request until it is reactivated. Nothing is deleted.")
    return _centre_deed(request, pk, _("Freeze centre"), effect, freeze)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def reactivate_centre_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a frozen centre its access back, with a reason."""
    return _centre_deed(request, pk, _("Reactivate"), _("Everybody of this centre has their access again at once."), reactivate)


def _centre_deed(request: HttpRequest, pk: int, title: str, effect: str, deed: Callable[..., bool]) -> HttpResponse:
    if not admin.site.has_permission(request):
        return redirect("home")
    demand(request, "permissions.freeze_centre")
    centre = get_object_or_404(Centre, pk=pk)
    question = Question(title=title, whom=str(centre), effects=[effect], back=reverse("admin:permissions_centre_change", args=[pk]))
    return ask_why(request, admin.site, question, lambda actor, reason: deed(actor=actor, centre=centre, reason=reason))
