"""The one page of the bare site."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path


def home(request: HttpRequest) -> HttpResponse:
    """Greet the signed-in user."""
    return render(request, "bare.html", {"name": request.user.get_username()})


urlpatterns = [path("", home)]
