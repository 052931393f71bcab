"""Compare names as people do: search without accents, and an order that is the English or the Welsh alphabet's (ui.md 1.6). Pure."""

import re
import unicodedata
from typing import Final

_EXTRA: Final = {"’": "'", "‘": "'", "ł": "l"}
_LONGEST_KEY: Final = 200
_AFTER_LAST_NAME: Final = "0"
_SPACE: Final = "1"
_WELSH: Final = tuple("a b c ch d dd e f ff g ng h i j k l ll m n o p ph q r rh s t th u v w x y z".split())  # noqa: SIM905
_WELSH_SIGN: Final = dict(zip(_WELSH, "23456789abcdefghijklmnopqrstuvwxyz", strict=True))
_WELSH_LETTER: Final = re.compile("|".join(sorted(_WELSH, key=len, reverse=True)) + "|.", re.DOTALL)
_LAST: Final = "zz"


def fold(text: str) -> str:
    """Return text as it is compared: small letters without accents, one kind of apostrophe."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(_EXTRA.get(character, character) for character in plain if not unicodedata.combining(character))


def name_key(last: str, first: str, language: str) -> str:
    """Return the text by which a name is sorted in a language ("en" or "cy"): figures and small letters only.

    Every database collation orders those alike, so that an index on the key is the order of the list. Shorter last names come first
    (Lloyd before Lloyd Jones), the Welsh alphabet has ch, dd, ff, ng, ll, ph, rh and th as letters, other scripts come after z.
    """
    return _AFTER_LAST_NAME.join(_signs(part, language) for part in (last, first))[:_LONGEST_KEY]


def _signs(text: str, language: str) -> str:
    plain = fold(text).strip()
    if language != "cy":
        return "".join(_sign(character) for character in plain)
    return "".join(_WELSH_SIGN.get(letter) or _sign(letter) for letter in _WELSH_LETTER.findall(plain))


def _sign(character: str) -> str:
    """Return what stands for one character that is no letter of the alphabet in hand, or the letter itself."""
    if "a" <= character <= "z":
        return character
    if character.isalpha():
        return _LAST + "".join(chr(ord("a") + ord(character) // 26**place % 26) for place in (4, 3, 2, 1, 0))
    return _SPACE if character.isspace() or character.isdigit() or character == "-" else ""
