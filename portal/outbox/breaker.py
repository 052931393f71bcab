"""Leave a provider in peace that takes nothing: five bad sends in a row, and nobody asks it for half a minute.

Kept in each process by itself: what one learns costs the others at most four sends more, and no shared store is needed that could fail as
well. After the pause one send decides: good closes the breaker, bad opens it again.
"""

from datetime import datetime, timedelta
from typing import Final

from portal import clock, limits

_failures: Final[dict[str, int]] = {}
_until: Final[dict[str, datetime]] = {}


def note(channel: str, *, good: bool) -> None:
    """Count a send that a provider took or finally refused (`good`), or one that failed on the way."""
    _failures[channel] = 0 if good else _failures.get(channel, 0) + 1
    if good:
        _until.pop(channel, None)
    elif _failures[channel] >= limits.BREAKER_FAILURES:
        _until[channel] = clock.now() + timedelta(seconds=limits.BREAKER_SECONDS)


def resting() -> frozenset[str]:
    """Return the channels that nobody should use now. A clock that was set back lengthens no pause."""
    now, longest = clock.now(), timedelta(seconds=limits.BREAKER_SECONDS)
    return frozenset(channel for channel, until in _until.items() if now < until <= now + longest)


def reset() -> None:
    """Forget everything."""
    _failures.clear()
    _until.clear()
