"""How a recovery code is made, written and read back (P10). Pure, but for chance."""

import secrets
import unicodedata
from typing import Final

from django.utils.translation import gettext_lazy as _

from portal import limits
from portal.web.refusal import Refusal

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32 in lower case: no i, l, o and u, so that nothing is read as something else."""
LONGEST_TYPED: Final = 100
_BITS_A_SYMBOL: Final = 5
_LENGTH: Final = limits.P10_RECOVERY_CODE_BITS // _BITS_A_SYMBOL
_GROUP: Final = 4
_LOOK_ALIKES: Final = str.maketrans("oil", "011")
_IGNORED: Final = frozenset({"Zs", "Cc", "Cf", "Pd"})


class WrongRecoveryCode(Refusal):
    """Not a recovery code of this person, or one that was used already."""

    message = _("This recovery code is not correct or has been used")
    field = "code"


class NoCodesForStaff(Refusal):
    """Members of staff sign in with their app and nothing else (MFA-1)."""

    message = _("Members of staff sign in with an authenticator app only. If you lose it, the IT Helpdesk can help")


def new_text() -> str:
    """Make a code of 80 random bits, without its hyphens."""
    return "".join(secrets.choice(ALPHABET) for _number in range(_LENGTH))


def in_groups(text: str) -> str:
    """Write a code in groups of four for reading and typing."""
    return "-".join(text[at : at + _GROUP] for at in range(0, len(text), _GROUP))


def normal(typed: str) -> str:
    """Return what was meant: case, spaces and hyphens do not matter, o is 0, i and l are 1. Of a longer text only the beginning counts."""
    meant = typed[:LONGEST_TYPED].casefold()
    return "".join(sign for sign in meant if unicodedata.category(sign) not in _IGNORED).translate(_LOOK_ALIKES)
