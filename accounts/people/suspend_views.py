"""Suspend and Restore: one page that says what will happen (MAN-5)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.people.suspend import NotYoursToSuspend, restore_member, suspend_member
from accounts.people.views import row_or_404
from accounts.person import person_of
from permissions.guards import manages_people


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def suspend_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Suspend or restore after a press. The form names the deed, so that a second press, or an old page, does not do the opposite."""
    row = row_or_404(request, pk)
    if not row.may_suspend and request.method != "POST":
        messages.warning(request, str(NotYoursToSuspend.message))
        return redirect("manage-user", pk)
    if request.method == "POST":
        deeds = {"suspend": (suspend_member, _("Suspended: %(name)s")), "restore": (restore_member, _("Restored: %(name)s"))}
        if request.POST.get("deed") not in deeds:
            raise BadRequest
        deed, words = deeds[request.POST["deed"]]
        try:
            deed(actor=person_of(request), membership=row.place)
        except NotYoursToSuspend as refusal:
            raise PermissionDenied from refusal
        messages.success(request, words % {"name": row.name})
        return redirect("manage-user", pk)
    return render(request, "accounts/people/suspend.html", {"row": row})
