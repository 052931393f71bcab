"""The address of a page without its `lang`: what a language switch comes back to."""

from django.http import HttpRequest


def without_language(request: HttpRequest) -> str:
    """Return path and query of the request, less `lang`, which would undo the choice just made.

    For an address that is none of ours, the front door: its words stand nowhere on the page (A141).
    """
    if request.resolver_match is None:
        return "/"
    if "lang" not in request.GET:
        return request.get_full_path()
    query = request.GET.copy()
    del query["lang"]
    return f"{request.path}?{query.urlencode()}" if query else request.path
