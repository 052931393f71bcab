"""Icons: references into our own sprite, `static/icons.svg`."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString


@cache
def icon(name: str) -> SafeString:
    """Draw an icon; it says nothing to screen readers, so a word or a name stands beside it."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}#{}"/></svg>', static("icons.svg"), name)
