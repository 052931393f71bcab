"""A text goes to the gateway that SMS_URL names and to nobody that gateway might point to."""

import pytest
from apprise import Apprise

from portal.outbox.sms import gateway_address


@pytest.mark.parametrize(
    "url",
    [
        "json://sms.example/send",
        "jsons://sms.example/send?:from=Portal",
        "twilio://AC0123456789:0123456789@447700900456",
        "json://sms.example/{to}",
    ],
)
def test_no_gateway_is_followed_elsewhere(url: str) -> None:
    gateway = Apprise.instantiate(gateway_address(url, "+447700900123"))
    assert gateway is not None
    assert gateway.redirects is False
