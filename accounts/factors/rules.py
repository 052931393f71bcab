"""Words and shapes around second factors. Pure."""

import re
from typing import Final

import phonenumbers
from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal

_UK: Final = 44
_WRITTEN: Final = re.compile(r"[0-9+() .\u00a0\u2010-\u2015-]+")
_MOBILE_DIGITS: Final = 10
_NOT_MOBILE: Final = ("70", "76")
"""Personal numbers and pagers begin with 7 too, and cost whoever sends to them."""


class TooManyTries(Refusal):
    """Too many wrong codes: a pause (P13)."""

    message = _("You entered the wrong code too many times. Wait 5 minutes, then try again")
    field = "code"


class BadNumber(Refusal):
    """Not a UK mobile number (P16)."""

    message = _("Enter a mobile phone number, like 07700 900000")
    field = "number"


def uk_mobile(text: str) -> str:
    """Return a UK mobile number in E.164 (+447...). Raises `BadNumber` for anything else, premium and foreign ranges included (P16)."""
    # The library reads letters as the keys of a telephone, other scripts' digits and extensions too; a mobile number has none.
    if not _WRITTEN.fullmatch(text):
        raise BadNumber()
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise BadNumber() from None
    national = str(number.national_number)
    mobile = len(national) == _MOBILE_DIGITS and national.startswith("7") and not national.startswith(_NOT_MOBILE)
    if number.country_code != _UK or not mobile:
        raise BadNumber()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def masked_number(number: str) -> str:
    """Return the last three digits of a number, the only ones ever shown."""
    return number[-3:]


def masked_email(email: str) -> str:
    """Return an address with all but its first letter hidden, to be recognised by its owner only."""
    local, _at, domain = email.partition("@")
    return f"{local[:1]}****@{domain}"
