"""The pages of the bare site: none, some and as many rows as Portal's page of candidates has, each in Django's plainest way."""

from typing import Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from bench.bare.models import Candidate

SIZE: Final = 50


def home(request: HttpRequest) -> HttpResponse:
    """Greet the signed-in user."""
    return render(request, "bare.html", {"name": request.user.get_username()})


def rows(request: HttpRequest) -> HttpResponse:
    """List names and grades: one query."""
    return render(request, "rows.html", {"name": request.user.get_username(), "rows": Candidate.objects.all()[:SIZE]})


def same(request: HttpRequest) -> HttpResponse:
    """Show what Portal's page of candidates shows: how many there are, a page of them, each with their awards."""
    page = Paginator(Candidate.objects.prefetch_related("awards"), SIZE).get_page(request.GET.get("page"))
    return render(request, "same.html", {"name": request.user.get_username(), "page": page})


urlpatterns = [path("", home), path("rows/", rows), path("same/", same)]
