"""Who asks, as far as we believe it (A136), and links that no request can bend (A100)."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django import Settings

from portal.web import origin
from portal.web.links import absolute
from portal.web.refusal import Refusal


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("203.0.113.9", "198.51.100.7", "203.0.113.9"),  # not our proxy: its word counts for nothing
        ("10.0.0.2", "198.51.100.7", "198.51.100.7"),
        ("10.0.0.2", "192.0.2.1, 198.51.100.7", "198.51.100.7"),  # the first was typed by the client
        ("10.0.0.2", "198.51.100.7, 10.0.0.3", "198.51.100.7"),  # two proxies of ours
        ("10.0.0.2", "", "10.0.0.2"),
        ("10.0.0.2", "<script>, 10.0.0.3", "10.0.0.3"),
        ("10.0.0.2", "2001:db8::5", "2001:db8::5"),
        ("", "198.51.100.7", ""),
    ],
)
def test_a136_the_address_is_the_nearest_that_is_no_proxy_of_ours(settings: Settings, peer: str, forwarded: str, client: str) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory(REMOTE_ADDR=peer).get("/", headers={"x-forwarded-for": forwarded})
    assert origin.client_address(request) == client


def test_without_trusted_proxies_the_header_is_never_read(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = []
    request = RequestFactory(REMOTE_ADDR="10.0.0.2").get("/", headers={"x-forwarded-for": "198.51.100.7"})
    assert origin.client_address(request) == "10.0.0.2"


def test_a136_the_origin_lasts_as_long_as_the_request_and_a_long_browser_name_is_cut() -> None:
    seen: list[origin.Origin] = []

    def answer(_request: HttpRequest) -> HttpResponse:
        seen.append(origin.current())
        return HttpResponse()

    browser = "Evil\x1b[31m\r\n" + "x" * 1_000_000
    origin.OriginMiddleware(answer)(RequestFactory(REMOTE_ADDR="192.0.2.4").get("/", headers={"user-agent": browser}))
    assert seen[0].address == "192.0.2.4"
    assert len(seen[0].browser) <= 200
    assert seen[0].browser.isprintable()
    assert origin.current() == origin.Origin()


def test_a100_links_come_from_the_configured_base_only(settings: Settings) -> None:
    settings.PORTAL_BASE_URL = "https://portal.example"
    assert absolute("/sign-in/") == "https://portal.example/sign-in/"
    for path in ("//evil.example/", "/\\evil.example", "evil", "https://evil.example/", ""):
        with pytest.raises(ValueError, match="local path"):
            absolute(path)


def test_a_refusal_is_a_sentence_with_a_place() -> None:
    class Full(Refusal):
        message = "There is no free seat."
        field = "role"

    assert str(Full()) == "There is no free seat."
    assert str(Full("Only one is left.")) == "Only one is left."
    assert (Full.field, Refusal.field) == ("role", "")


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa:bbbb:cccc:dddd", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_p12_an_ipv6_network_counts_as_one_address(address: str, counted: str) -> None:
    assert origin.Origin(address).counted_as == counted


def test_a136_a_proxy_seen_through_a_socket_of_both_families_is_still_trusted(settings: Settings) -> None:
    settings.TRUSTED_PROXIES = ["10.0.0.0/8"]
    request = RequestFactory(REMOTE_ADDR="::ffff:10.0.0.2").get("/", headers={"x-forwarded-for": "192.0.2.9"})
    assert origin.client_address(request) == "192.0.2.9"
