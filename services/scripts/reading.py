"""What is a reading of a script, and what goes on with one: the trail has a line for each reading, not for each part that a program asks for."""

import re
from typing import Final

from django.http import HttpRequest

_OPENED: Final = "scripts_opened"
"""The session key with what was opened lately."""
_REMEMBERED: Final = 30
_LATER_PART: Final = re.compile(r"bytes=[1-9]\d{0,18}-\d{0,19}")
"""A part that begins behind the first byte, as readers ask for it; whatever else a program says, all of the file may leave."""


def goes_on(request: HttpRequest, what: str) -> bool:
    """Say whether a program asks for another part of what it has opened in this session; if not, remember that it opens it now.

    A part is believed to be that only where the trail has the reading: all but the first byte is a part as well.
    """
    opened: list[str] = request.session.get(_OPENED, [])
    if what in opened:
        return _LATER_PART.fullmatch(request.headers.get("Range", "")) is not None
    request.session[_OPENED] = [*opened[-_REMEMBERED:], what]
    return False
