"""The page of the test e-mail: send one, see how far it came."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.person import person_of
from accounts.reach.flow import TooManyTests, latest_test, send_test
from permissions.guards import signed_in
from portal.outbox.bounces import bounce_of


@signed_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def test_email_page(request: HttpRequest) -> HttpResponse:
    """Show the newest test e-mail's state; a POST sends one to one's own address."""
    person = person_of(request)
    if request.method == "POST":
        try:
            send_test(actor=person)
        except TooManyTests as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("Test email sent. Check your mailbox, then select Refresh"))
        return redirect("test-email")
    letter = latest_test(person)
    context = {"letter": letter, "why": bounce_of(letter.reason).sentence if letter else ""}
    return render(request, "accounts/reach/test_email.html", context)
