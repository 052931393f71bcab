"""The centre's page of a change of Exams Officer, and the head of centre's. Nothing happens on GET."""

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from accounts.models import Succession
from accounts.people.views import reader_of
from accounts.person import person_of
from accounts.succession import flow, head
from accounts.succession.forms import AskForm, HeadForm
from accounts.succession.messages import about
from accounts.succession.refusals import NotYoursToAsk
from permissions.guards import manages_people, public
from portal import clock
from portal.outbox.bounces import bounce_of
from portal.outbox.models import Message
from portal.web.refusal import Refusal

if TYPE_CHECKING:
    from permissions.models import Membership


@manages_people
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest) -> HttpResponse:
    """Show where the centre's latest case stands; while none is open, ask for a change."""
    place = reader_of(request)
    case = _latest(place)
    open_case = case if case is not None and case.is_open and not case.expired(clock.now()) else None
    letter = _letter(open_case) if open_case else None
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            flow.ask(actor=person_of(request), membership=place, wish=form.wish)
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("We have written to the head of centre. We email you when something changes"))
            return redirect("change-exams-officer")
    context = {
        "case": case,
        "stage": "expired" if case is not None and case.is_open and open_case is None else case.stage if case else "",
        "open_case": open_case,
        "may_withdraw": open_case is not None and flow.may_withdraw(place, open_case),
        "letter": letter,
        "why": bounce_of(letter.reason).sentence if letter else "",
        "form": None if open_case and request.method != "POST" else form,
    }
    return render(request, "accounts/succession/change.html", context)


@manages_people
@require_POST
def withdraw_page(request: HttpRequest) -> HttpResponse:
    """Take the open case back."""
    place = reader_of(request)
    case = _latest(place)
    if case is None:
        raise Http404
    try:
        flow.withdraw(actor=person_of(request), membership=place, case=case)
    except NotYoursToAsk as refusal:
        raise Http404 from refusal
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Request withdrawn. Nothing was changed"))
    return redirect("change-exams-officer")


@public
@never_cache
@sensitive_post_parameters("reference")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_page(request: HttpRequest) -> HttpResponse:
    """Take the head of centre's answer. The page itself tells nothing of any centre: the e-mail does."""
    form = HeadForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            case = head.answer(reference=form.cleaned_data["reference"], confirmed=form.cleaned_data["answer"] == "yes")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return render(request, "accounts/succession/answered.html", {"case": case})
    return render(request, "accounts/succession/confirm.html", {"form": form})


def _latest(place: "Membership") -> Succession | None:
    return Succession.objects.select_related("asked_by", "centre").filter(centre=place.centre_id).first()


def _letter(case: Succession) -> Message | None:
    """Return the e-mail to the head of centre, for its delivery state."""
    return Message.objects.filter(about=about(case), kind="succession_confirm").defer("secret", "context").first()
