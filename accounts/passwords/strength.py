"""How good a password is, in words: the same count as static/js/password_strength.js makes while somebody types. Pure."""

import re
from itertools import pairwise
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models.user import normal_password
from portal import limits

LONGEST_RAW: Final = 4 * limits.P1_PASSWORD_LONGEST
"""More raw code points than this are too many in any normal form, since NFKC puts at most four into one: nothing more need be read."""

_FAIR, _GOOD, _STRONG = 8, 12, 16
_NEXT = 1
_EDGES: Final = re.compile(r"\A[\W\d_]+|[\W\d_]+\Z")


def surprises(password: str) -> int:
    """Count the different steps from one character to the next that are not to the same or to a neighbour of the alphabet; 1 for the first.

    Figures and signs before and behind the letters are what everybody adds: they do not count.
    """
    core = _EDGES.sub("", password)
    pairs = set(pairwise(core))
    return sum(abs(ord(one) - ord(other)) > _NEXT for one, other in pairs) + 1


def strength_in_words(raw: str, *, refused: bool = False) -> str:
    """Return a hint for a password: what to do, or how good it is. `refused`: the rules refuse it, so it is not called good."""
    if len(raw) > LONGEST_RAW:
        return _("Your password must be 128 characters or fewer")
    password = normal_password(raw)
    missing = limits.P1_PASSWORD_SHORTEST - len(password)
    if missing > 0:
        words = ngettext("Too short: %(counter)s more character", "Too short: %(counter)s more characters", missing)
        return words % {"counter": missing}
    if len(password) > limits.P1_PASSWORD_LONGEST:
        return _("Your password must be 128 characters or fewer")
    found = surprises(password)
    if refused or found < _FAIR:
        return _("Weak: use three or more words that do not belong together")
    if found < _GOOD:
        return _("Fair: add another word")
    return _("Good") if found < _STRONG else _("Strong")
