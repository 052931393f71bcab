"""Accept the invite of a further centre, once signed in (INV-7)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.person import person_of
from accounts.signin.accept import join_centre, waiting_invitations
from permissions.guards import signed_in
from portal.web.refusal import Refusal


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def join_page(request: HttpRequest) -> HttpResponse:
    """Show the centres that invited this person; accept one, or go on without."""
    waiting = waiting_invitations(person_of(request))
    if request.method == "POST":
        chosen = next((one for one in waiting if str(one.pk) == request.POST.get("invitation")), None)
        if chosen is not None:
            try:
                join_centre(invitation=chosen, person=person_of(request), session=request.session)
            except Refusal as refusal:
                messages.error(request, str(refusal.message))
            else:
                request.session["membership"] = str(chosen.membership_id)
                request.session.cycle_key()
                messages.success(request, _("You have joined this centre: %(centre)s") % {"centre": chosen.centre.name})
                return redirect("home")
        waiting = waiting_invitations(person_of(request))
    if not waiting:
        return redirect("home")
    return render(request, "accounts/signin/join.html", {"invitations": waiting})
