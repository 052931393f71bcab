"""Titles and codes as words, and the condition that a resource has those that somebody looks for: the same on every database (SVC-8).

A word is small letters and figures without accents. One with signs inside stands for itself and for its parts: 3300U10-1 is found as 3300u101,
3300U10-1, 3300u10 and 3300. The beginning of a word finds it, and words are found in any order.
"""

import re
from collections.abc import Iterable
from typing import Any, Final

from django.db.models import BooleanField, F, Func, Q, Value

from portal.folding import fold

LONGEST: Final = 900
"""Characters of all words of a resource."""
INDEX: Final = "array_to_tsvector(string_to_array(btrim(searched), ' '))"
"""What PostgreSQL's index holds (migration 0002): the words as they are, without a dictionary that would know another language."""
_MOST_WORDS: Final = 8
_PART: Final = re.compile(r"[^\W_]+")


def kept_words(texts: Iterable[str]) -> str:
    """Return the words of some texts, each once and behind a space, as many as there is room for; the first texts matter most."""
    found: dict[str, None] = {}
    for word in fold(" ".join(texts)).split():
        parts = _PART.findall(word)
        found |= dict.fromkeys(["".join(parts), *parts] if parts else [])
    kept = "".join(f" {word}" for word in found)
    return kept if len(kept) <= LONGEST else kept[: LONGEST + 1].rpartition(" ")[0]


def asked_words(text: str) -> list[str]:
    """Return what somebody looks for; signs alone are no word, and what is more than eight words narrows nothing."""
    words = ("".join(_PART.findall(word)) for word in fold(text).split())
    return [word for word in words if word][:_MOST_WORDS]


def has_words(text: str) -> Q:
    """Return the condition that a resource has a word that begins like each that was typed. Nothing typed: every resource; signs only: none."""
    words = asked_words(text)
    if not words:
        return Q() if not text.strip() else Q(pk__in=[])
    return Q(_HasWords(F("searched"), *(Value(word) for word in words)))


class _HasWords(Func):
    """Whether a text of kept words has one that begins like each of the others."""

    output_field = BooleanField()

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]  # noqa: ARG002
        """Look for each word behind its space."""
        text, before = compiler.compile(self.get_source_expressions()[0])
        words = self._words()
        return f"({' AND '.join([f'instr({text}, %s) > 0'] * len(words))})", [one for word in words for one in (*before, f" {word}")]

    def as_postgresql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # noqa: ARG002
        """Ask the index. A word is letters and figures, so that it stands in a query of text as it is."""
        text, before = compiler.compile(self.get_source_expressions()[0])
        wanted = " & ".join(f"'{word}':*" for word in self._words())
        return f"{INDEX.replace('searched', text)} @@ %s::tsquery", [*before, wanted]

    def _words(self) -> list[str]:
        return [str(one.value) for one in self.get_source_expressions()[1:]]
