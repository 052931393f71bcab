"""Invite User: one page, a check of what will be sent, and the sending (guide: How to invite a user; INV-1)."""

from typing import TYPE_CHECKING, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.invites.flow import invite_person
from accounts.invites.forms import ROLE_HINTS, InviteForm
from accounts.invites.matrix import for_invite
from accounts.invites.queries import admins_used, says_the_same
from accounts.invites.refusals import InviteWaiting
from accounts.models import Invitation, User
from permissions.guards import manages_people
from permissions.models import Membership
from permissions.policy import givable
from permissions.roles import Role
from permissions.words import in_table_order, label
from portal import clock
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from permissions.request import CentreRequest

_SECOND_PRESS_SECONDS = 30


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def invite_page(request: HttpRequest) -> HttpResponse:
    """Ask for details, type of account and access; "Next" shows what will be sent, "Change" comes back with everything kept."""
    form = _form(request)
    if request.method == "POST" and "change" not in request.POST and form.is_valid():
        return _check(request, form)
    return _ask(request, form)


@manages_people
@require_http_methods(["GET", "HEAD", "POST"])
def check_page(request: HttpRequest) -> HttpResponse:
    """Send what was checked. All of it is validated again: hidden fields are as typed as any other."""
    if request.method != "POST":
        return redirect("invite-user")
    form = _form(request)
    if not form.is_valid():
        return _ask(request, form)
    actor, place = _actor(request)
    try:
        invitation = invite_person(
            actor=actor,
            membership=place,
            details=form.details,
            role=form.chosen_role,
            rights=form.chosen_rights,
            ends_on=form.cleaned_data["ends_on"],
        )
    except InviteWaiting as refusal:
        if not _pressed_twice(refusal.invitation, actor, form):
            form.refuse(refusal)
            return _ask(request, form, waiting=refusal.invitation)
        invitation = cast("Invitation", refusal.invitation)
    except Refusal as refusal:
        form.refuse(refusal)
        return _ask(request, form, hint=str(getattr(refusal, "hint", "")))
    messages.success(request, sent_words(invitation))
    return redirect("manage-users")


def sent_words(invitation: Invitation) -> str:
    """Say that an invite was sent, to whom, and when it ends."""
    ends = formats.date_format(clock.london(invitation.expires_at).date())
    sent = _("Invite sent: %(name)s") % {"name": invitation.full_name}
    return f"{sent}. {_('Invite expires on %(date)s') % {'date': ends}}."


def _form(request: HttpRequest) -> InviteForm:
    centre_request = cast("CentreRequest", request)
    _person, place = _actor(request)
    choices = {role: for_invite(role, givable(Role(place.role), centre_request.rights, role)) for role in (Role.ADMIN, Role.USER)}
    return InviteForm(request.POST if request.method == "POST" else None, choices=choices)


def _ask(request: HttpRequest, form: InviteForm, *, waiting: Invitation | None = None, hint: str = "") -> HttpResponse:
    _person, place = _actor(request)
    context = {
        "form": form,
        "role_hints": {role: str(words) for role, words in ROLE_HINTS.items()},
        "used": admins_used(place.centre),
        "waiting": waiting,
        "hint": hint,
    }
    return render(request, "accounts/invites/invite.html", context)


def _check(request: HttpRequest, form: InviteForm) -> HttpResponse:
    context = {
        "checked": form,
        "account": dict(form.fields["role"].choices)[form.cleaned_data["role"]],  # type: ignore[attr-defined]
        "language": dict(form.fields["language"].choices)[form.cleaned_data["language"]],  # type: ignore[attr-defined]
        "rights": [label(right) for right in in_table_order(form.chosen_rights)],
        "typed": _typed(request.POST, form),
    }
    return render(request, "accounts/invites/check.html", context)


def _typed(data: QueryDict, form: InviteForm) -> list[tuple[str, str]]:
    """Return what was typed as (field, value), several for boxes, for the hidden fields."""
    return [(name, value) for name in form.fields for value in data.getlist(name)]


def _actor(request: HttpRequest) -> tuple[User, Membership]:
    """Return the person and their place; the guard has seen to it that there is one."""
    return cast("User", request.user), cast("Membership", cast("CentreRequest", request).membership)


def _pressed_twice(invitation: Invitation | None, actor: User, form: InviteForm) -> bool:
    """Say whether the waiting invite is the very one this person sent a moment ago: a second press, not a second invite."""
    if invitation is None or invitation.invited_by_id != actor.pk:
        return False
    if (clock.now() - invitation.created_at).total_seconds() >= _SECOND_PRESS_SECONDS:
        return False
    return says_the_same(
        invitation, details=form.details, role=form.chosen_role, rights=form.chosen_rights, ends_on=form.cleaned_data["ends_on"]
    )
