"""How a guesser reads a password: without capitals, accents, look-alikes, and what is only put before or behind a word. Pure."""

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from itertools import pairwise
from typing import Final

_LOOK_ALIKES: Final = {one: str.maketrans("013457@$!", f"o{one}eastasi") for one in "li"}
_SEPARATORS: Final = re.compile(r"[\s\-_.,]+")
_LETTERS: Final = re.compile(r"[^\W\d_]+")
_ROWS: Final = ("1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS: Final = frozenset(pair for row in _ROWS for one in (row, row[::-1]) for pair in pairwise(one))
_COMMON_WEIGHT: Final = 2
_HEAVIEST: Final = 2  # one common word, or two of ours; the board's, the centre's and the person's own words weigh nothing
SHORTEST_COMMON_WORD: Final = 4
_LONGEST_WORD: Final = 32
_REACH: Final = 3  # look-alikes at the edge of a word that may belong to it: "princ355"
_FEWEST_CHARACTERS: Final = 4
_MOST_RUNS: Final = 4
_RUN_LENGTH: Final = 3
_SHORTEST_ROW: Final = 6
_SHORTEST_UNIT: Final = 10


def plain(text: str) -> str:
    """Return text without capitals and accents, so that "Dŵr" is "dwr"."""
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(character for character in apart if not unicodedata.combining(character))


def alike(text: str) -> set[str]:
    """Return a plain text as it stands and with figures and signs read as the letters they look like."""
    return {text, *(text.translate(table) for table in _LOOK_ALIKES.values())}


def joined(text: str) -> str:
    """Return a text without spaces, hyphens, dots and the like."""
    return _SEPARATORS.sub("", text)


def letter_runs(text: str) -> list[str]:
    """Return the words of a text: what stands between figures, signs and spaces."""
    return _LETTERS.findall(text)


def readings(password: str) -> set[str]:
    """Return what a password may stand for once figures and signs before and behind it are left out; at most about a hundred strings."""
    folded = plain(password)
    return {reading for text in {folded, joined(folded)} for piece in _cores(text) for reading in alike(piece)}


def _cores(text: str) -> Iterator[str]:
    letters = [at for at, character in enumerate(text) if character.isalpha()]
    yield text
    if letters:
        first, last = letters[0], letters[-1] + 1
        for start in range(max(0, first - _REACH), first + 1):
            for end in range(last, min(len(text), last + _REACH) + 1):
                yield text[start:end]


def is_made_of(reading: str, words: Mapping[str, int], common: Container[str]) -> bool:
    """Say whether nothing but known words stands in a reading, figures and signs left out, and they weigh together no more than one common word.

    `words` have weights of their own; a common password of four letters or more counts as a word too.
    """
    runs = letter_runs(reading)
    weight = 0
    for run in runs:
        lightest = _lightest(run, words, common)
        if lightest is None or weight + lightest > _HEAVIEST:
            return False
        weight += lightest
    return bool(runs)


def _lightest(run: str, words: Mapping[str, int], common: Container[str]) -> int | None:
    """Return the least weight by which a run of letters splits into known words, or None."""
    best = {0: 0}
    for start in range(len(run)):
        if start not in best:
            continue
        for end in range(start + 1, min(len(run), start + _LONGEST_WORD) + 1):
            word = run[start:end]
            weight = words.get(word)
            if weight is None and len(word) >= SHORTEST_COMMON_WORD and word in common:
                weight = _COMMON_WEIGHT
            if weight is not None and best[start] + weight <= _HEAVIEST:
                best[end] = min(best.get(end, _HEAVIEST), best[start] + weight)
    return best.get(len(run))


def novelty(text: str) -> int:
    """Count the characters of a folded text that do not follow from the one before: not the same, not the next of the alphabet or the keyboard."""
    return sum(not _follows(one, other) for one, other in pairwise(text)) + bool(text)


def _follows(one: str, other: str) -> bool:
    return one == other or (one.isalnum() and other.isalnum() and abs(ord(one) - ord(other)) == 1) or (one, other) in _NEIGHBOURS


def is_pattern(password: str) -> bool:
    """Say whether a password is one character or a short group again and again, or keys and letters in a row."""
    text = joined(plain(password))
    core = max(letter_runs(text), key=len, default="")
    return (
        len(set(text)) < _FEWEST_CHARACTERS
        or _in_a_row(text)
        or (len(core) >= _SHORTEST_ROW and 2 * len(core) > len(text) and _in_a_row(core))
        or any(text[unit:] == text[:-unit] for unit in range(1, min(_SHORTEST_UNIT, len(text) // 2 + 1)))
    )


def _in_a_row(text: str) -> bool:
    runs = novelty(text)
    return runs <= _MOST_RUNS and runs * _RUN_LENGTH <= len(text)
