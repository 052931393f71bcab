"""Find services by words: accents, case and the kind of apostrophe do not matter (ui.md 1.6)."""

import unicodedata
from collections.abc import Iterable

from services.catalogue import Offer

LONGEST_QUERY = 100
"""Characters of a query that are looked at; nothing in the catalogue is longer."""


def fold(text: str) -> str:
    """Return text as search compares it: no accents, no case, straight apostrophes."""
    plain = unicodedata.normalize("NFKD", text.replace("’", "'"))
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def matching(offers: Iterable[Offer], query: str) -> list[Offer]:
    """Keep the offers whose path or contents, in the active language, hold every word of the query; all of them for an empty one."""
    words = fold(query[:LONGEST_QUERY]).split()
    return [offer for offer in offers if all(word in _text(offer) for word in words)]


def _text(offer: Offer) -> str:
    return fold(" ".join(str(part) for part in (*offer.tile.path, *offer.tile.holds)))
