"""Put the person's standing at their centre on the request, and answer a guard's refusal with the page that says who can help."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from permissions.freshness import ask_again
from permissions.refused import Forbidden, MustChooseCentre, MustProveAgain, OtherCentre, other_centre, refused
from permissions.request import CentreRequest, centre_request


class CentreMiddleware:
    """Make `request.membership`, `request.rights` and `request.may_manage_people` available; nothing is read before somebody asks."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Give the request its class; the properties do the work when they are read."""
        request.__class__ = centre_request(type(request))
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Turn a guard's refusal into its page. Other exceptions go their way."""
        if isinstance(exception, MustChooseCentre):
            return redirect("choose-centre")
        if isinstance(exception, OtherCentre) and isinstance(request, CentreRequest):
            return other_centre(request)
        if isinstance(exception, MustProveAgain):
            return ask_again(request)
        if isinstance(exception, Forbidden):
            return refused(request, exception)
        return None
