"""Reset MFA, and the list that says for everybody of a centre who may do it (MFA-4)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts.factors.resetting import NothingToReset
from accounts.people.queries import people_and_resets
from accounts.people.reset_mfa import NotYoursToReset, reset_member
from accounts.people.views import reader_of, row_or_404
from accounts.person import person_of
from permissions.guards import manages_people


@manages_people
@never_cache
@require_safe
def overview_page(request: HttpRequest) -> HttpResponse:
    """List everybody with an account, their methods in words, and who may reset them."""
    people = people_and_resets(reader=reader_of(request), page=request.GET.get("page", "1"))
    return render(request, "accounts/people/mfa_overview.html", {"people": people})


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reset_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what will go, and reset after a press on the red button. Only the help desk may for anybody but a User."""
    row = row_or_404(request, pk)
    if row.only_by_help_desk:
        raise PermissionDenied
    if request.method == "POST":
        try:
            reset_member(actor=person_of(request), membership=row.place)
        except NotYoursToReset as refusal:
            raise PermissionDenied from refusal
        except NothingToReset as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("MFA reset: %(name)s") % {"name": row.name})
        return redirect("manage-user", pk)
    if not row.may_reset_mfa:
        messages.warning(request, str(NothingToReset.message))
        return redirect("manage-user", pk)
    return render(request, "accounts/people/reset_mfa.html", {"row": row})
