"""Which rights can be asked for, and what an answer comes to. Pure."""

import unicodedata
from collections.abc import Iterable

from permissions.access import ALWAYS, TABLE
from permissions.levels import Right
from permissions.models.access_request import Outcome
from permissions.policy import ceiling
from permissions.roles import Role


def askable(role: Role, held: Iterable[Right]) -> frozenset[Right]:
    """Return what somebody could ask for: within the ceiling of their account and not held. Nobody at a centre answers its Exams Officer."""
    if role is Role.EXAMS_OFFICER:
        return frozenset()
    return ceiling(role) - frozenset(held) - ALWAYS


def answerable(asked: Iterable[Right]) -> frozenset[Right]:
    """Return what an answer may give: what was asked, and the lower levels of the same services."""
    wanted = frozenset(asked)
    return wanted | {(service, level) for service, level in TABLE if any(service is one and level.rank < up.rank for one, up in wanted)}


def outcome_of(asked: Iterable[Right], given: Iterable[Right]) -> Outcome:
    """Say how a request ended: all of it (the last day, if there is one, is told beside it), a part, or nothing."""
    wanted, got = frozenset(asked), frozenset(given)
    if not got:
        return Outcome.REFUSED
    return Outcome.APPROVED if wanted <= got else Outcome.NARROWED


def plain_words(text: str) -> str:
    """Return somebody's own words on one line, in one Unicode form, without characters that cannot be seen: they stand in e-mails to others."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(character for character in line if character == " " or unicodedata.category(character)[0] != "C")
