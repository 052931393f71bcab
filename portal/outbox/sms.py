"""Send a text through whatever gateway SMS_URL names, in the notation of the apprise library."""

import re
from typing import Final
from urllib.parse import quote, urlencode

from django.conf import settings

from portal import limits
from portal.outbox.models import Message
from portal.outbox.refused import PermanentRefusal, Trouble
from portal.outbox.render import Letter

_JSON: Final = ("json://", "jsons://")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}", re.ASCII)


class GatewayRefused(Trouble):
    """The gateway did not take the text; tried again later."""


def send_sms(message: Message, letter: Letter) -> str:
    """Hand a text to the gateway; without SMS_URL (demonstrations only) the demo mailbox is the only reader.

    Raises `PermanentRefusal` for what is no phone number, `GatewayRefused` for what may pass. Returns "": the library tells no id.
    """
    if not _E164.fullmatch(message.recipient):
        raise PermanentRefusal("not a phone number in international form")
    if not settings.SMS_URL:
        return ""
    from apprise import Apprise  # a large library that most processes never need

    gateway = Apprise()
    if not gateway.add(gateway_address(settings.SMS_URL, message.recipient)) or not gateway.notify(body=letter.text):
        raise GatewayRefused()
    return ""


def gateway_address(url: str, number: str) -> str:
    """Return the gateway's address for one number (E.164).

    `{to}` in the address is replaced; without it a JSON gateway gets the number as the field `to`, any other as its last target.
    """
    address, _mark, query = url.replace("{to}", quote(number)).partition("?")
    if "{to}" in url:
        pass
    elif url.startswith(_JSON):
        query = "&".join(filter(None, (query, urlencode({":to": number}))))
    else:
        address = f"{address.rstrip('/')}/{quote(number)}"
    # A code must not follow a redirect to somebody whom SMS_URL does not name.
    always = f"cto={limits.P24_PROVIDER_SECONDS}&rto={limits.P24_PROVIDER_SECONDS}&redirect=no"
    return f"{address}?{'&'.join(filter(None, (query, always)))}"
