"""How a typed code is read (A26): one strict normal form, nothing cleverer."""

import re
import secrets

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class WrongCode(Refusal):
    """The code is wrong, spent or too old: one sentence for all three."""

    message = _("The code you entered is not correct or has expired")
    field = "code"


class ResendTooSoon(Refusal):
    """A new code was asked for before a minute was over, or too often (P15)."""

    message = _("We have just sent you a code. Wait a minute before you ask for another")
    field = ""


class NoTextNow(Refusal):
    """No more texts today to this number, for this person, this centre or at all (P16). Never a silent switch to a weaker way (F20)."""

    message = _("We cannot send you a text message at the moment. Choose another way, or try again tomorrow")
    field = ""


def normal_code(text: str, digits: int) -> str:
    """Return the digits of a typed code, ASCII spaces and hyphens removed, or "" when it is anything else than exactly `digits` ASCII digits."""
    code = text.replace(" ", "").replace("-", "").strip("\t\r\n")
    return code if re.fullmatch(rf"[0-9]{{{digits}}}", code) else ""


def new_code(digits: int) -> str:
    """Make a uniform random code of `digits` digits."""
    return f"{secrets.randbelow(10**digits):0{digits}d}"
