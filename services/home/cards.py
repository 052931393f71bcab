"""The cards of the home page. A card is the same for everybody, so each is drawn once for each language."""

from functools import cache

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

from services.catalogue import BY_URL_NAME


@cache
def card(url_name: str, language: str) -> SafeString:
    """Return the card of a service's page in a language: its link and where it stands in the guide's paths.

    Asked by the page's name, since to look a tile up would put all that it says into words.
    """
    with translation.override(language):
        return mark_safe(render_to_string("services/home/card.html", {"tile": BY_URL_NAME[url_name]}))  # noqa: S308  (our own template)
