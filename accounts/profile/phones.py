"""Which phone numbers are taken in a profile: any country's, written the international way. Pure."""

import phonenumbers
from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal


class BadPhone(Refusal):
    """The text is not a phone number."""

    message = _("Enter a phone number, like 029 2026 5000 or +44 7700 900000")
    field = "phone"


def phone_number(text: str) -> str:
    """Return a phone number as it is written internationally; a number without a country code is a British one. Raises `BadPhone`."""
    if not text.isascii():
        raise BadPhone()
    try:
        number = phonenumbers.parse(text, "GB")
    except phonenumbers.NumberParseException:
        raise BadPhone() from None
    if not phonenumbers.is_possible_number(number):
        raise BadPhone()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
