"""Write a calendar as RFC 5545 says. Pure."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

from services.dates.queries import Dated

_LINE_BYTES: Final = 75
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


def calendar(*, name: str, host: str, dates: Iterable[Dated], now: datetime) -> bytes:
    """Return the calendar file: whole days, and an instant in UTC where there is one."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Portal//Key dates//EN", "METHOD:PUBLISH", f"X-WR-CALNAME:{_text(name)}"]
    for one in dates:
        lines += ["BEGIN:VEVENT", f"UID:{one.key}@{host}", f"DTSTAMP:{_instant(now)}", *_when(one), f"SUMMARY:{_text(one.title)}"]
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return b"".join(part + b"\r\n" for line in lines for part in _folded(line.encode()))


def _when(one: Dated) -> list[str]:
    if one.at is not None:
        return [f"DTSTART:{_instant(one.at)}"]
    return [f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}", f"DTEND;VALUE=DATE:{one.day + timedelta(days=1):%Y%m%d}"]


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(text: str) -> str:
    return text.translate(_ESCAPES)


def _folded(line: bytes) -> Iterator[bytes]:
    """Break a line that is too long, never inside a letter; what goes on begins with a space."""
    start, room = 0, _LINE_BYTES
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:  # noqa: PLR2004  (a byte inside a letter of UTF-8)
            end -= 1
        yield (b" " if start else b"") + line[start:end]
        start, room = end, _LINE_BYTES - 1
    yield (b" " if start else b"") + line[start:]
