"""Which passwords are refused, and the words for it (SIGN-3, P1, P3, A143, A158)."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from django.utils.translation import gettext_lazy as _

from accounts.models.user import normal_password
from accounts.passwords.blocklist import common_passwords, context_words
from accounts.passwords.breached import is_breached
from accounts.passwords.reading import SHORTEST_COMMON_WORD, alike, is_made_of, is_pattern, joined, letter_runs, plain, readings
from accounts.passwords.strength import LONGEST_RAW
from portal import limits
from portal.web.refusal import Refusal

_SHORTEST_OWN_WORD: Final = 4
_SHORTEST_WORD: Final = 2
_SHORTEST_INITIALS: Final = 3
_SHORTEST_NUMBER: Final = 4
_OTHER_SIGNS_OF_NUMBERS: Final = re.compile(r"[\s+/:()\-.,]+")


class BadPassword(Refusal):
    """The new password cannot be taken."""

    field = "new_password"


def check_new_password(raw: str, *, own_words: Iterable[str], centre_words: Iterable[str] = ()) -> None:
    """Refuse a password that is too short, too long, common, all figures, a pattern, or made of the person's own or their centre's words.

    Lengths are in code points after NFKC; what cannot become short enough is refused unread. `own_words` are names and the e-mail's
    local part: of four letters or more, none may stand anywhere in the password. `centre_words` are names and numbers of centres: a
    number may not stand in it, and names only beside something else. Raises `BadPassword`.
    """
    password = _of_right_length(raw)
    if _OTHER_SIGNS_OF_NUMBERS.sub("", password).isdigit():
        raise BadPassword(_("This password is entirely numeric"))
    common, context = common_passwords(), context_words()
    meant = readings(password)
    if any(len(reading) >= SHORTEST_COMMON_WORD and reading in common for reading in meant) or _made_of(meant, context):
        raise BadPassword(_("Do not use a very common password"))
    if is_breached(password):
        raise BadPassword(_("Do not use a password that has become known elsewhere"))
    if is_pattern(password):
        raise BadPassword(_("Do not use repeated characters or keys in a row"))
    own = _own_parts(own_words)
    weights = context | dict.fromkeys(own, 0)
    if _holds(password, own) or _made_of(meant, weights):
        raise BadPassword(_("Do not include your name or email in your password"))
    names, numbers = _centre_parts(centre_words)
    weights |= dict.fromkeys(names, 0)
    if any(number in joined(password) for number in numbers) or _made_of(meant, weights):
        raise BadPassword(_("Do not use your centre’s name or number as your password"))


def _made_of(meant: Iterable[str], weights: Mapping[str, int]) -> bool:
    common = common_passwords()
    return any(is_made_of(reading, weights, common) for reading in meant)


def _of_right_length(raw: str) -> str:
    if len(raw) > LONGEST_RAW:
        raise BadPassword(_("Your password must be 128 characters or fewer"))
    password = normal_password(raw)
    if len(password) < limits.P1_PASSWORD_SHORTEST:
        raise BadPassword(_("Your password must be at least 10 characters long"))
    if len(password) > limits.P1_PASSWORD_LONGEST:
        raise BadPassword(_("Your password must be 128 characters or fewer"))
    return password


def _own_parts(own_words: Iterable[str]) -> set[str]:
    """Split names such as "Mary-Jane van Dam" and local parts such as "m.vandam2"; a single letter says nothing."""
    wholes = {plain(word.strip()) for word in own_words}
    parts = wholes | {part for whole in wholes for part in (joined(whole), *letter_runs(whole))}
    return {part for part in parts if len(part) >= _SHORTEST_WORD}


def _holds(password: str, own: set[str]) -> bool:
    """Say whether a word of the person's own stands anywhere; very short ones, which stand inside many other words, do not count here."""
    long = [word for word in own if len(word) >= _SHORTEST_OWN_WORD]
    return any(word in reading for reading in alike(plain(password)) for word in long)


def _centre_parts(centre_words: Iterable[str]) -> tuple[set[str], set[str]]:
    """Return words (each, all joined, initials) and numbers of centres."""
    names: set[str] = set()
    numbers: set[str] = set()
    for text in map(plain, centre_words):
        words = letter_runs(text)
        initials = "".join(word[0] for word in words)
        names |= {word for word in (*words, "".join(words)) if len(word) >= _SHORTEST_WORD}
        names |= {initials} if len(initials) >= _SHORTEST_INITIALS else set()
        numbers |= {number for number in re.findall(r"\d+", text) if len(number) >= _SHORTEST_NUMBER}
    return names, numbers


def rules_in_words() -> list[str]:
    """Return the rules as a person reads them before typing."""
    return [
        str(_("At least 10 characters")),
        str(_("Not a very common password")),
        str(_("Not one common word with numbers or symbols added")),
        str(_("Not your name or email address")),
        str(_("Not your centre’s name or number")),
    ]
