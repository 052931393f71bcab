"""The page of a service that is not built yet: where it stands, what it will hold, when it opens."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from services.catalogue import BY_URL_NAME


def service_page(request: HttpRequest, url_name: str) -> HttpResponse:
    """Answer with the page of a tile. Raises `KeyError` for a name that is not in the catalogue."""
    return render(request, "services/service_page.html", {"tile": BY_URL_NAME[url_name]})
