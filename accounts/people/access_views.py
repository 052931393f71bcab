"""Manage Access and Delete User: each on its own page (guide: How to Manage accounts)."""

from datetime import date
from typing import TYPE_CHECKING, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.invites.matrix import for_change
from accounts.models import Invitation, User
from accounts.people.delete import delete_member
from accounts.people.forms import AccessForm
from accounts.people.refusals import NotYoursToDelete
from accounts.people.rows import Row
from accounts.people.views import reader_of, row_or_404
from permissions.access import ALWAYS
from permissions.access_pages.held import holdings_in_words
from permissions.guards import manages_people
from permissions.levels import Right
from permissions.membership.access import set_rights
from permissions.membership.refusals import NotYoursToChange
from permissions.policy import givable, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.words import code
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from permissions.request import CentreRequest


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def access_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what somebody may open; it counts from their next request."""
    row = row_or_404(request, pk)
    if not row.may_change_access:
        raise PermissionDenied
    form = _form(request, row)
    if form.is_valid():
        try:
            change = set_rights(
                actor=reader_of(request),
                membership=row.place,
                rights=form.chosen_rights,
                ends_on=form.cleaned_data["ends_on"],
                keep_ends="ends_on" not in form.changed_data,
            )
        except NotYoursToChange as refusal:
            raise PermissionDenied from refusal
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            words = _("Access changed: %(name)s") if change else _("Nothing was changed: %(name)s")
            messages.success(request, words % {"name": row.name})
            return redirect("manage-users")
    held = holdings_in_words(Role(row.place.role), holdings(row.place), today())
    context = {"row": row, "form": form, "groups": form.groups(), "ends": [one for one in held if one.ends_on]}
    return render(request, "accounts/people/access.html", context)


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def delete_page(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say what will go, and delete after a press on the red button (MAN-2). An invite is withdrawn instead."""
    row = row_or_404(request, pk)
    if row.may_handle_invite:
        return redirect("invite-withdraw", pk)
    if not row.may_delete:
        raise PermissionDenied
    if request.method == "POST":
        try:
            delete_member(actor=cast("User", request.user), membership=row.place)
        except NotYoursToDelete as refusal:
            raise PermissionDenied from refusal
        messages.success(request, _("User deleted: %(name)s") % {"name": row.name})
        return redirect("manage-users")
    waiting = Invitation.objects.filter(centre=row.place.centre, invited_by=row.place.user, accepted_at=None, withdrawn_at=None)
    return render(request, "accounts/people/delete.html", {"row": row, "invites": waiting.count()})


def _form(request: HttpRequest, row: Row) -> AccessForm:
    reader, role = reader_of(request), Role(row.place.role)
    grants = holdings(row.place)
    held = valid_rights(role, grants, today())
    own = cast("CentreRequest", request).rights
    choice = for_change(role, givable(Role(reader.role), own, role), held)
    initial = {"rights": [code(right) for right in held], "ends_on": _common_end({right: grants[right] for right in held})}
    return AccessForm(request.POST if request.method == "POST" else None, choice=choice, initial=initial)


def _common_end(grants: dict[Right, date | None]) -> date | None:
    """Return the end that all of somebody's rights share, or None."""
    ends = {end for right, end in grants.items() if right not in ALWAYS}
    return ends.pop() if len(ends) == 1 else None
