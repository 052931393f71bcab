"""Links in messages: from PORTAL_BASE_URL only, never from a request (A100)."""

from django.conf import settings


def absolute(path: str) -> str:
    """Return the full address of a local path. Raises `ValueError` for anything that could lead to another host."""
    if not path.startswith("/") or path.startswith(("//", "/\\")):
        raise ValueError("a local path begins with one slash")
    base: str = settings.PORTAL_BASE_URL
    return base.rstrip("/") + path
