"""Kinds of events: each floor registers its own, with a number that never changes and a sentence that people read."""

from enum import Enum
from typing import TypeVar

from django.utils.functional import Promise


class AuditKind(Enum):
    """Base of the floors' enums of events: each member is (number, sentence), with True behind it if it can tell of what is under embargo.

    Of such a kind, whoever may see nothing under embargo reads only the events that say `under_embargo` False.
    """

    def __init__(self, number: int, sentence: Promise, of_embargo: bool = False) -> None:
        self.number = number
        self.sentence = sentence
        self.of_embargo = of_embargo


K = TypeVar("K", bound=type[AuditKind])
_registered: dict[int, AuditKind] = {}


def register(kinds: K) -> K:
    """Register a floor's events (class decorator). Raises `ValueError` for a number that is taken."""
    for kind in kinds:
        if _registered.setdefault(kind.number, kind) is not kind:
            raise ValueError(f"audit number {kind.number} is taken by {_registered[kind.number]}")
    return kinds


def sentence_of(number: int) -> str:
    """Return what an event's number means, in the present language."""
    kind = _registered.get(number)
    return str(kind.sentence) if kind else str(number)


def all_kinds() -> list[AuditKind]:
    """Return every registered kind, by number."""
    return [_registered[number] for number in sorted(_registered)]
