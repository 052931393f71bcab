"""Choose a method and set it up (MFA-1), at the first sign-in and when it is changed (MFA-3)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts.codes import texts
from accounts.factors import flow
from accounts.factors.passkey import flow as passkey
from accounts.factors.rules import masked_email
from accounts.factors.totp.key import address, in_groups, picture_path
from accounts.methods.forms import ChooseForm, EmailMethodForm, SetupCodeForm, SmsForm
from accounts.methods.who import REPLACES, Setup, after_setup, whose_setup
from accounts.models import Method, Purpose, User
from permissions.guards import half_signed_in
from portal.web.forms import PortalForm
from portal.web.refusal import Refusal


@half_signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def choose_page(request: HttpRequest) -> HttpResponse:
    """Offer the methods in the guide's order."""
    setup = whose_setup(request)
    if isinstance(setup, HttpResponse):
        return setup
    methods = _offered(request, setup)
    form = ChooseForm(request.POST or None, methods=methods)
    if request.method == "POST" and form.is_valid():
        return redirect(f"factor-{form.cleaned_data['method']}")
    context = {"form": form, "setup": setup, "hints": _hints(setup.person)}
    return render(request, "accounts/methods/choose.html", context)


@half_signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def app_page(request: HttpRequest) -> HttpResponse:
    """Show the key as picture and text, and ask the code the app shows."""
    setup = whose_setup(request)
    if isinstance(setup, HttpResponse):
        return setup
    form = SetupCodeForm(request.POST or None)
    form.fields["code"].required = True
    form.fields["code"].error_messages["required"] = _("Enter the 6-digit code")
    if request.method == "POST" and form.is_valid():
        answer = _finish(request, setup, Method.APP, form)
        if answer is not None:
            return answer
    seed = flow.start_app(user=setup.person, session=request.session).seed
    link = address(seed, setup.person.email)
    side, path = picture_path(link)
    context = {"form": form, "setup": setup, "key": in_groups(seed), "link": link, "side": side, "path": path}
    return render(request, "accounts/methods/app.html", context)


@half_signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def sms_page(request: HttpRequest) -> HttpResponse:
    """Ask the number, text a code to it, ask the code."""
    setup = whose_setup(request)
    if isinstance(setup, HttpResponse):
        return setup
    pending = flow.pending_factor(setup.person, Method.SMS, request.session)
    # Whoever knows the password alone does not learn the number in the profile (A05).
    own = "" if setup.first else setup.person.phone
    form = SmsForm(request.POST or None, initial={"number": pending.number if pending else own})
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        same = pending is not None and pending.number == number
        if same and form.cleaned_data["code"]:
            answer = _finish(request, setup, Method.SMS, form)
            if answer is not None:
                return answer
        elif _wants_code(request, setup, same=same):
            try:
                flow.start_sms(user=setup.person, session=request.session, number=number)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("We have sent you a code. It can take a few minutes to arrive"))
                return redirect("factor-sms")
        else:
            form.add_error("code", _("Enter the 6-digit code"))
    sent = flow.has_live_code(user=setup.person, purpose=Purpose.ENROL)
    lost = bool(sent and pending) and texts.failed(user=setup.person, purpose=Purpose.ENROL, session=request.session)
    return render(request, "accounts/methods/sms.html", {"form": form, "setup": setup, "sent": sent and pending, "lost": lost})


@half_signed_in
@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def email_page(request: HttpRequest) -> HttpResponse:
    """The tick box, a code to the e-mail of record, the code."""
    setup = whose_setup(request)
    if isinstance(setup, HttpResponse):
        return setup
    pending = flow.pending_factor(setup.person, Method.EMAIL, request.session)
    form = EmailMethodForm(request.POST or None, initial={"agreed": pending is not None})
    if request.method == "POST" and form.is_valid():
        if pending is not None and form.cleaned_data["code"]:
            answer = _finish(request, setup, Method.EMAIL, form)
            if answer is not None:
                return answer
        elif _wants_code(request, setup, same=pending is not None):
            try:
                flow.start_email(user=setup.person, session=request.session)
            except Refusal as refusal:
                form.refuse(refusal)
            else:
                messages.success(request, _("We have sent you a code. It can take a few minutes to arrive"))
                return redirect("factor-email")
        else:
            form.add_error("code", _("Enter the 6-digit code"))
    sent = flow.has_live_code(user=setup.person, purpose=Purpose.ENROL)
    context = {"form": form, "setup": setup, "sent": sent and pending, "email": setup.person.email}
    return render(request, "accounts/methods/email.html", context)


def _hints(person: User) -> dict[str, str]:
    """Say what each method needs; the address is masked, since it is shown before a factor was proved (A05)."""
    return {
        Method.APP: _("Most secure. A code from an app on your phone or computer"),
        Method.SMS: _("A code by text message to a UK mobile number"),
        Method.EMAIL: _("A code to this email address: %(email)s") % {"email": masked_email(person.email)},
        Method.PASSKEY: _("The lock of this device, or a security key: nothing to type"),
    }


def _offered(request: HttpRequest, setup: Setup) -> list[Method]:
    """Offer what the person may set up and does not have yet; the method that is being replaced may be set up anew."""
    replaced = request.session.get(REPLACES)
    held = {factor.method for factor in flow.confirmed_factors(setup.person) if factor.pk != replaced}
    return [
        method
        for method in flow.allowed_methods(setup.person)
        if (method is Method.PASSKEY and passkey.offered()) or (method is not Method.PASSKEY and method not in held)
    ]


def _wants_code(request: HttpRequest, setup: Setup, *, same: bool) -> bool:
    """Either button may ask for the first code; once one is on its way, only the button that says so sends another."""
    return "send" in request.POST or not same or not flow.has_live_code(user=setup.person, purpose=Purpose.ENROL)


def _finish(request: HttpRequest, setup: Setup, method: Method, form: PortalForm) -> HttpResponse | None:
    replaces = request.session.get(REPLACES)
    try:
        factor = flow.finish_setup(
            user=setup.person, session=request.session, method=method, text=form.cleaned_data["code"], replaces=replaces
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return None
    return after_setup(request, setup, factor)
