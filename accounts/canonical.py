"""One spelling for each e-mail address: the identity of a person (A21, A106).

Addresses are kept in lower-case ASCII. Everything that merely looks like an address (full-width letters, a dotless i, a Cyrillic twin,
punycode, an address literal, a trailing dot) is refused rather than folded, so that two different mailboxes never meet in one identity.
"""

import re

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal

_LOCAL = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"(?!xn--)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_ADDRESS = re.compile(rf"(?P<local>{_LOCAL})@(?P<domain>(?:{_LABEL}\.)+[a-z]{{2,63}})")

LONGEST_LOCAL = 64
LONGEST_ADDRESS = 254


class BadEmail(Refusal):
    """The text is not an address we can send to."""

    message = _("Enter an email address in the correct format, like name@example.com")
    field = "email"


def canonical_email(text: str) -> str:
    """Return the one spelling of an e-mail address.

    Raises `BadEmail` when the text is not plain ASCII with a real domain.
    """
    address = text.strip(" \t\r\n").lower() if text.isascii() else ""
    match = _ADDRESS.fullmatch(address)
    if match is None or len(address) > LONGEST_ADDRESS or len(match["local"]) > LONGEST_LOCAL:
        raise BadEmail()
    return address
