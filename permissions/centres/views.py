"""Choose a centre, and switch to another (SIGN-7)."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from permissions.guards import signed_in
from permissions.request import CHOSEN, CentreRequest


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def choose_centre(request: CentreRequest) -> HttpResponse:
    """Show the person's centres as buttons; a POST with the id of one of their own open places switches to it and goes home."""
    error = ""
    if request.method == "POST":
        asked = request.POST.get("membership", "")
        chosen = next((place for place in request.open_memberships if str(place.pk) == asked), None)
        if chosen is not None:
            request.session[CHOSEN] = str(chosen.pk)
            messages.success(request, _("You have chosen the centre: %(centre)s") % {"centre": chosen.centre})
            return redirect("home")
        error = _("Choose one of your centres.")
    return render(request, "permissions/choose_centre.html", {"places": request.open_memberships, "error": error})
