"""The two pages of the bare site."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def home(request: HttpRequest) -> HttpResponse:
    """Greet the signed-in user."""
    return render(request, "bare.html", {"name": request.user.get_username()})


def file(request: HttpRequest) -> HttpResponse:
    """Hand a file over to the proxy, for whoever is signed in."""
    if not request.user.is_authenticated:
        raise PermissionDenied
    return HttpResponse(
        headers={"X-Accel-Redirect": "/protected/bare", "Content-Type": "application/pdf", "Content-Disposition": "attachment"}
    )


urlpatterns = [path("", home), path("file/", file)]
