"""Invite many people: the file, the check of what will be sent, the sending and how it goes on (INV-6)."""

from typing import TYPE_CHECKING, Final, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.invites.bulk.columns import COLUMNS, RIGHTS
from accounts.invites.bulk.flow import BatchOver, WrongRows, keep_file, people_of, send_file
from accounts.invites.bulk.forms import FileForm
from accounts.invites.bulk.queries import progress_of
from accounts.invites.limits import left_today
from accounts.invites.matrix import EMBARGO
from accounts.invites.queries import admins_used
from accounts.invites.refusals import NotYoursToInvite
from accounts.models import InviteBatch
from accounts.person import person_of
from permissions.guards import manages_people
from permissions.models import Membership
from permissions.policy import ceiling
from permissions.roles import Role
from permissions.words import code, in_table_order, label
from portal.web.refusal import Refusal
from portal.web.spreadsheet import csv_answer

if TYPE_CHECKING:
    from permissions.request import CentreRequest

_MOST_PROBLEMS: Final = 200


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def file_page(request: HttpRequest) -> HttpResponse:
    """Take a file; a good one leads to the check of what will be sent, a bad one to what is wrong with which row."""
    form = FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()
    if not form.is_valid():
        return _ask(request, form)
    try:
        batch = keep_file(actor=person_of(request), membership=_place(request), sheet=form.cleaned_data["file"])
    except NotYoursToInvite as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        return _ask(request, form, refusal)
    return redirect("invite-many-check", batch.pk)


@manages_people
@require_safe
def template_file(_request: HttpRequest) -> HttpResponse:
    """Offer the first line of a file in the page's language."""
    offered = {code(right) for right in ceiling(Role.USER)} | {code(EMBARGO)}
    head = [words for name, words in COLUMNS.items() if name not in RIGHTS or name in offered]
    return csv_answer(name="portal-invites.csv", header=head, rows=[])


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def batch_page(request: HttpRequest, batch: str) -> HttpResponse:
    """Before: everybody who will be invited, and the button. After: where each invite stands."""
    row = _batch(request, batch)
    if row.sent_at is None:
        return _send(request, row) if request.method == "POST" else _check(request, row)
    return render(request, "accounts/invites/bulk/progress.html", {"batch": row, "progress": progress_of(row)})


@manages_people
@require_safe
def batch_list(request: HttpRequest, batch: str) -> HttpResponse:
    """Where each invite of a file stands, as a CSV file."""
    row = _batch(request, batch)
    lines = [
        (line.invitation.full_name, line.invitation.email, line.invitation.get_role_display(), line.state.label, line.why)
        for line in progress_of(row).lines
    ]
    return csv_answer(
        name="portal-invites-sent.csv", header=[_("Name"), _("Email address"), _("Account type"), _("Status"), _("Reason")], rows=lines
    )


def _ask(request: HttpRequest, form: FileForm, refusal: Refusal | None = None) -> HttpResponse:
    if refusal is not None:
        form.refuse(refusal)
    problems = refusal.problems if isinstance(refusal, WrongRows) else []
    place = _place(request)
    context = {
        "form": form,
        "problems": problems[:_MOST_PROBLEMS],
        "more": len(problems) - _MOST_PROBLEMS,
        "used": admins_used(place.centre),
        "left": left_today(place.centre),
    }
    return render(request, "accounts/invites/bulk/file.html", context)


def _check(request: HttpRequest, batch: InviteBatch) -> HttpResponse:
    try:
        people, unused = people_of(batch)
    except BatchOver as refusal:
        messages.warning(request, str(refusal))
        return redirect("invite-many")
    lines = [(person, Role(person.role).label, [label(right) for right in in_table_order(person.rights)]) for person in people]
    return render(request, "accounts/invites/bulk/check.html", {"batch": batch, "lines": lines, "unused": unused})


def _send(request: HttpRequest, batch: InviteBatch) -> HttpResponse:
    try:
        send_file(actor=person_of(request), membership=_place(request), batch=batch)
    except NotYoursToInvite as refusal:
        raise PermissionDenied from refusal
    except WrongRows as refusal:
        return _ask(request, FileForm({}, {}), refusal)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("invite-many")
    return redirect("invite-many-check", batch.pk)


def _batch(request: HttpRequest, text: str) -> InviteBatch:
    """Return a file of the actor's centre: sent by anybody, or kept by the actor. Missing and foreign are alike not found (A10)."""
    try:
        row = InviteBatch.objects.filter(pk=UUID(text), centre=_place(request).centre).first()
    except ValueError:
        row = None
    if row is None or (row.sent_at is None and row.made_by_id != person_of(request).pk):
        raise Http404
    return row


def _place(request: HttpRequest) -> Membership:
    return cast("Membership", cast("CentreRequest", request).membership)
