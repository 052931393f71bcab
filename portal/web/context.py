"""What every template may know besides its own context."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest


def page(request: HttpRequest) -> dict[str, Any]:  # noqa: ARG001
    """Offer the addresses of help and the sender, from the settings."""
    return {"page": _PAGE}


_PAGE = {
    "help_email": settings.HELP_EMAIL,
    "support_email": settings.SUPPORT_EMAIL,
    "sender": settings.DEFAULT_FROM_EMAIL,
    "demo": settings.DEMO,
}
