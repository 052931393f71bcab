"""My access: what a person may open and could ask for. Access requests: the list, and one to answer (ROLE)."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from permissions.access_pages import flow, queries
from permissions.access_pages.forms import AnswerForm, AskForm
from permissions.access_pages.held import holdings_in_words
from permissions.access_pages.refusals import AlreadyHandled, NotYoursToAnswer
from permissions.access_pages.rules import askable
from permissions.guards import manages_people, member
from permissions.levels import Right
from permissions.models import AccessRequest, Membership
from permissions.policy import grantable_by
from permissions.request import CentreRequest
from permissions.roles import Role
from permissions.scope import holdings, managers_of, today
from permissions.words import code
from portal.web.refusal import Refusal


@member
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def my_access(request: CentreRequest) -> HttpResponse:
    """Show what I may open, until when, and what I could ask for; a POST asks."""
    place = _place(request)
    own = queries.mine(place)
    waiting = {right.right for asked in own if not asked.request.outcome for right in asked.request.rights.all()}
    offered = askable(Role(place.role), request.rights) - waiting
    form = AskForm(request.POST if request.method == "POST" else None, offered=offered, initial={"rights": [request.GET.get("ask", "")]})
    if form.is_valid():
        try:
            flow.ask(actor=place, rights=form.chosen, purpose=form.cleaned_data["purpose"])
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("We have told your Exams Officer and Admins. We email you their answer"))
            return redirect("my-access")
    managers = [each for each in managers_of(place.centre) if each.pk != place.pk]
    context = {
        "form": form if offered and managers else None,
        "held": holdings_in_words(Role(place.role), holdings(place), today()),
        "requests": own,
        "managers": managers,
    }
    return render(request, "permissions/access/mine.html", context)


@member
@require_POST
def withdraw(request: CentreRequest, pk: UUID) -> HttpResponse:
    """Take one's own open request back."""
    try:
        flow.withdraw(actor=_place(request), request=AccessRequest(pk=pk))
    except AlreadyHandled as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("You have withdrawn your request"))
    return redirect("my-access")


@manages_people
@never_cache
@require_safe
def request_list(request: CentreRequest) -> HttpResponse:
    """List the open requests, oldest first, and the last answers."""
    centre = _place(request).centre
    return render(request, "permissions/access/requests.html", {"waiting": queries.waiting(centre), "answered": queries.answered(centre)})


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer_page(request: CentreRequest, pk: UUID) -> HttpResponse:
    """Give all of it, less of it, or refuse; whoever comes second sees who answered and what."""
    place = _place(request)
    asked = queries.one(place.centre, pk)
    if asked is None:
        raise Http404
    row = asked.request
    may = row.membership_id != place.pk and grantable_by(Role(place.role), Role(row.membership.role))
    if row.outcome or not may:
        if request.method == "POST" and may:
            messages.warning(request, str(AlreadyHandled.message))
        return render(request, "permissions/access/handled.html", {"asked": asked, "own": row.membership_id == place.pk})
    offered = queries.to_give(place, row)
    wanted = [code(each.right) for each in row.rights.all() if each.right in offered]
    form = AnswerForm(request.POST if request.method == "POST" else None, offered=offered, initial={"rights": wanted})
    if form.is_valid():
        give = frozenset() if request.POST.get("answer") == "refuse" else form.chosen
        done = _answer(request, place, row, form, give)
        if done is not None:
            return done
    return render(request, "permissions/access/answer.html", {"asked": asked, "form": form})


def _answer(request: CentreRequest, place: Membership, row: AccessRequest, form: AnswerForm, give: frozenset[Right]) -> HttpResponse | None:
    """Do it. A refusal that the form can show returns None."""
    if not give and request.POST.get("answer") != "refuse":
        form.add_error("rights", _("Select what you give, or select “Refuse”"))
        return None
    details = form.cleaned_data
    try:
        flow.answer(actor=place, request=row, give=give, ends_on=details["ends_on"] if give else None, reason=details["reason"])
    except AlreadyHandled as refusal:
        messages.warning(request, str(refusal))
        return redirect("access-request", row.pk) if AccessRequest.objects.filter(pk=row.pk).exists() else redirect("access-requests")
    except NotYoursToAnswer as refusal:
        raise PermissionDenied from refusal
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    messages.success(request, _("Answered. We have told this person: %(name)s") % {"name": row.membership.user})
    return redirect("access-requests")


def _place(request: CentreRequest) -> Membership:
    """Return the place of whoever asks; the guard has seen to it that there is one."""
    if request.membership is None:
        raise PermissionDenied
    return request.membership
