"""Send a text through whatever gateway SMS_URL names, in the notation of the apprise library."""

from typing import Final
from urllib.parse import quote, urlencode

from apprise import Apprise
from django.conf import settings

from portal import limits
from portal.outbox.models import Message
from portal.outbox.render import Letter

_JSON: Final = ("json://", "jsons://")


class GatewayRefused(Exception):
    """The gateway did not take the text; tried again later."""


def send_sms(message: Message, letter: Letter) -> str:
    """Hand a text to the gateway. Without SMS_URL (demonstrations only) the demo mailbox is the only reader. Raises `GatewayRefused`."""
    if not settings.SMS_URL:
        return ""
    gateway = Apprise()
    if not gateway.add(gateway_address(settings.SMS_URL, message.recipient)) or not gateway.notify(body=letter.text):
        raise GatewayRefused()
    return ""


def gateway_address(url: str, number: str) -> str:
    """Return the gateway's address for one number (E.164).

    `{to}` in the address is replaced; without it a JSON gateway gets the number as the field `to`, any other as its last target.
    """
    if "{to}" in url:
        return url.replace("{to}", quote(number))
    address, _mark, query = url.partition("?")
    if url.startswith(_JSON):
        query = "&".join(filter(None, (query, urlencode({":to": number}))))
    else:
        address = f"{address.rstrip('/')}/{quote(number)}"
    seconds = f"cto={limits.P24_PROVIDER_SECONDS}&rto={limits.P24_PROVIDER_SECONDS}"
    return f"{address}?{'&'.join(filter(None, (query, seconds)))}"
