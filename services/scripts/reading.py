"""What is a reading of a script, and what goes on with one: the trail has a line for each reading, not for each part that a program asks for."""

from typing import Final

from django.http import HttpRequest

_OPENED: Final = "scripts_opened"
"""The session key with what was opened lately."""
_REMEMBERED: Final = 30


def goes_on(request: HttpRequest, what: str) -> bool:
    """Say whether a program asks for another part of what it has opened in this session; if not, remember that it opens it now.

    A part is believed to be that only where the trail has the reading: all but the first byte is a part as well.
    """
    opened: list[str] = request.session.get(_OPENED, [])
    if what in opened:
        return not request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    request.session[_OPENED] = [*opened[-_REMEMBERED:], what]
    return False
