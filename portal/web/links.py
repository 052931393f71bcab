"""Links in messages: from PORTAL_BASE_URL only, never from a request (A100)."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the full address of a local path."""
    base: str = settings.PORTAL_BASE_URL
    return base.rstrip("/") + path
