"""What every template may know besides its own context."""

from typing import Final

from django.conf import settings
from django.http import HttpRequest


def page(_request: HttpRequest) -> dict[str, dict[str, object]]:
    """Offer `page.help_email`, `page.support_email`, `page.sender`, `page.demo` and the names of our cookies, all from the settings."""
    return {"page": _PAGE}


_PAGE: Final[dict[str, object]] = {
    "help_email": settings.HELP_EMAIL,
    "support_email": settings.SUPPORT_EMAIL,
    "sender": settings.DEFAULT_FROM_EMAIL,
    "demo": settings.DEMO,
    "cookies": {
        "session": settings.SESSION_COOKIE_NAME,
        "csrf": settings.CSRF_COOKIE_NAME,
        "language": settings.LANGUAGE_COOKIE_NAME,
        "browser": settings.BROWSER_COOKIE_NAME,
    },
}
