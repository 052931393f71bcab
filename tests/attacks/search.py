"""Find a secret in a text, also in the disguises it takes on its way through programs."""

import base64
import html
import json
import re
from collections.abc import Mapping
from functools import cache
from typing import Final
from urllib.parse import quote, quote_plus

_SHORT_CODE: Final = re.compile(r"[0-9]{4,10}")
_INSTANTS: Final = re.compile(r"\d\d:\d\d:\d\d[.,]\d+|\b\d{10}\.\d+|(?<!\w)\d{8}T?\d{6}(?!\w)")
"""Fractions of a second have six digits too, and would now and then be somebody's code."""


def leaks(text: str, secrets: Mapping[str, str]) -> list[str]:
    """Return the names of the secrets that stand in a text."""
    plain = _INSTANTS.sub("(time)", text)
    folded = plain.casefold()
    return [name for name, secret in secrets.items() if _stands_in(secret, plain, folded)]


def _stands_in(secret: str, plain: str, folded: str) -> bool:
    if _SHORT_CODE.fullmatch(secret):
        if re.search(rf"(?<![0-9A-Za-z]){secret}(?![0-9A-Za-z])", plain):
            return True
    elif any(form.casefold() in folded for form in spellings(secret)):
        return True
    return any(form in plain for form in encodings(secret))


@cache
def spellings(secret: str) -> set[str]:
    """Return a secret as text: with and without its groups, and escaped for an address, a page, a JSON value."""
    bare = re.sub(r"[ -]", "", secret)
    return {form for text in (secret, bare) for form in (text, quote(text), quote_plus(text), html.escape(text), json.dumps(text)[1:-1])}


@cache
def encodings(secret: str) -> set[str]:
    """Return the hexadecimal and the six Base64 forms of a secret, wherever in a longer text it begins."""
    found = set()
    for text in {secret, re.sub(r"[ -]", "", secret)}:
        raw = text.encode()
        found |= {raw.hex(), raw.hex().upper()}
        for before in range(3):
            coded = base64.b64encode(b"\0" * before + raw).decode()
            # Only the characters that the secret alone decides: its neighbours colour the first and the last.
            coded = coded[(0, 2, 3)[before] : (before + len(raw)) * 8 // 6]
            found |= {coded, coded.replace("+", "-").replace("/", "_")}
    return found
