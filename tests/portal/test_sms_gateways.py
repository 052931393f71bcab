"""MAIL-4: SMS_URL reaches more than twenty gateways, each with the recipient's number as its only target. Nothing is sent here."""

import re
from typing import Final

import pytest
from apprise import Apprise

from portal.outbox.sms import gateway_address

NUMBER: Final = "+447700900123"
HEX, LONG = "a" * 32, "b" * 40
FROM: Final = "447700900999"
GATEWAYS: Final = {
    "46elks": "46elks://user:password@Portal",
    "Africa's Talking": f"atalk://user@{HEX}",
    "BulkSMS": "bulksms://token:secret@{to}",
    "BulkVS": f"bulkvs://user:password@{FROM}",
    "Burst SMS": f"burstsms://abcd1234:abcd5678@{FROM}",
    "Clickatell": f"clickatell://{FROM}@{HEX}",
    "ClickSend": f"clicksend://user:{HEX}@{{to}}",
    "D7 Networks": f"d7sms://{HEX}@{{to}}",
    "httpSMS": f"httpsms://{HEX}@{FROM}",
    "Infobip": f"infobip://{HEX}@api.infobip.example",
    "Kavenegar": f"kavenegar://{FROM}@{HEX}",
    "MessageBird": f"msgbird://{'c' * 25}/{FROM}",
    "Plivo": f"plivo://{'A' * 20}@{LONG}/{FROM}",
    "serwersms": "serwersms://user:password@Portal",
    "Seven": f"seven://{HEX}",
    "Sinch": f"sinch://{HEX}:{HEX}@{FROM}",
    "SMS Manager": f"smsmgr://{HEX}@{{to}}",
    "SMSEagle": f"smseagle://{HEX}@gateway.example",
    "SNS": f"sns://AHIAJGNT76XIMXDBIJYA/{LONG}/eu-west-2",
    "Telesign": f"telesign://customer:{HEX}@{{to}}",
    "Telnyx": f"telnyx://{HEX}@{FROM}",
    "Twilio": f"twilio://AC{HEX}:{HEX}@{FROM}",
    "Vonage": f"vonage://abcdef12:{'d' * 16}@{FROM}",
    "any that takes JSON": "json://gateway.example/texts",
    "any that takes a form": "form://gateway.example/texts?:to={to}",
}


@pytest.mark.parametrize("name", GATEWAYS)
def test_mail4_each_gateway_gets_the_number_and_no_other(name: str) -> None:
    gateway = Apprise()
    assert gateway.add(gateway_address(GATEWAYS[name], NUMBER))
    [plugin] = list(gateway)
    said = next(getattr(plugin, where) for where in ("payload_extras", "targets", "target_phones", "phone") if hasattr(plugin, where))
    assert re.findall(r"7700900\d+", str(said)) == [NUMBER.removeprefix("+44")]
    assert not {"target_users", "target_contacts", "target_groups", "topics"} & {one for one in vars(plugin) if getattr(plugin, one)}
