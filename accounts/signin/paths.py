"""Where somebody may be sent after signing in: a path of this site, nothing else (A101). Pure."""

from django.utils.http import url_has_allowed_host_and_scheme

_LONGEST = 500


def local_path(wanted: str) -> str:
    """Return `wanted` when it is a path of ours, else ""."""
    plain = wanted.isprintable() and wanted.isascii() and not {" ", "\\"} & set(wanted) and len(wanted) <= _LONGEST
    if plain and wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None):
        return wanted
    return ""
