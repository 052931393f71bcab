"""Which addresses may have passkeys, and by what a passkey knows its person."""

from base64 import urlsafe_b64encode
from uuid import uuid4

import pytest

from accounts.factors.passkey.rules import LONGEST_CREDENTIAL, Party, can_hold_passkeys, party_of, user_handle


@pytest.mark.parametrize(
    ("address", "party"),
    [
        ("https://portal.example", Party("portal.example", "https://portal.example")),
        ("https://Portal.Example:443", Party("portal.example", "https://portal.example")),
        ("https://portal.example:8443", Party("portal.example", "https://portal.example:8443")),
        ("http://localhost:8000", Party("localhost", "http://localhost:8000")),
        ("http://localhost:80", Party("localhost", "http://localhost")),
    ],
)
def test_domain_and_origin_as_browsers_write_them(address: str, party: Party) -> None:
    assert party_of(address) == party


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://portal.example", True),
        ("http://localhost:8000", True),
        ("http://demo.localhost:8000", True),
        ("http://127.0.0.1:8000", False),
        ("https://192.0.2.7", False),
        ("https://[::1]", False),
        ("http://portal.example", False),
        ("http://a.example", False),
        ("wss://portal.example", False),
    ],
)
def test_only_domains_and_only_where_nobody_listens(address: str, possible: bool) -> None:
    assert can_hold_passkeys(address) is possible


def test_a_credential_of_1023_bytes_is_the_longest() -> None:
    assert len(urlsafe_b64encode(bytes(1023)).rstrip(b"=")) == LONGEST_CREDENTIAL


def test_a_handle_is_the_persons_alone_and_does_not_show_their_id() -> None:
    one, another = uuid4(), uuid4()
    assert user_handle(one) == user_handle(one) != user_handle(another)
    assert len(user_handle(one)) == 32
    assert one.bytes not in user_handle(one)
