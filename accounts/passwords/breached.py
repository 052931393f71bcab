"""Passwords that became known by a breach, if the operator has put such a list in place (P3): a sorted file, looked up where it lies."""

import mmap
from hashlib import sha1
from pathlib import Path
from typing import Final

from django.conf import settings

_HASH_LENGTH: Final = 40


def is_breached(password: str) -> bool:
    """Say whether a password stands in the list `settings.BREACHED_PASSWORDS`; without the file nothing does.

    The file is what collectors of breaches publish: a line for each password with its SHA-1 in hexadecimal capitals, then whatever else
    (`:COUNT`), sorted. Some thirty reads for a thousand million lines; nothing of it is kept in memory, nothing leaves the machine.
    """
    path = Path(settings.BREACHED_PASSWORDS)
    if not path.is_file() or not path.stat().st_size:
        return False
    wanted = sha1(password.encode(), usedforsecurity=False).hexdigest().upper().encode()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:
        return _stands_in(wanted, lines)


def _stands_in(wanted: bytes, lines: mmap.mmap) -> bool:
    low, high = 0, len(lines)
    while low < high:
        begin = lines.rfind(b"\n", low, (low + high) // 2) + 1 or low
        end = lines.find(b"\n", begin)
        end = len(lines) if end < 0 else end
        found = lines[begin : begin + _HASH_LENGTH].upper()
        if found == wanted:
            return True
        if found < wanted:
            low = end + 1
        else:
            high = begin
    return False
