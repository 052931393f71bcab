"""Where a request comes from: the client's address behind trusted proxies, and the browser. The audit trail and the limits read it."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse

_LONGEST_BROWSER: Final = 200
_ONE_CUSTOMER: Final = 64
"""Bits of an IPv6 address that its owner was given; the other 64 are theirs to choose anew for each request."""


@dataclass(frozen=True)
class Origin:
    """Address and browser of whoever asks; empty outside a request."""

    address: str = ""
    browser: str = ""

    @property
    def counted_as(self) -> str:
        """What limits count (P12, P14): the address, or the /64 network of an IPv6 one, since each of its machines has all of it."""
        if not _is_address(self.address):
            return self.address
        address = _plain(self.address)
        return str(address if isinstance(address, IPv4Address) else ip_network((address, _ONE_CUSTOMER), strict=False))


_current: ContextVar[Origin] = ContextVar("origin", default=Origin())


def current() -> Origin:
    """Return where the present request comes from."""
    return _current.get()


class OriginMiddleware:
    """Note the origin of each request for everything that happens inside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Set, answer, forget."""
        browser = request.headers.get("User-Agent", "")[:_LONGEST_BROWSER]
        token = _current.set(Origin(client_address(request), "".join(filter(str.isprintable, browser))))
        try:
            return self.get_response(request)
        finally:
            _current.reset(token)


def client_address(request: HttpRequest) -> str:
    """Return the client's address: the nearest one that is not a trusted proxy (TRUSTED_PROXIES).

    A forwarded header of anybody else counts for nothing, and so does a hop that is no address.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if not settings.TRUSTED_PROXIES:
        return address
    hops = request.headers.get("X-Forwarded-For", "").split(",")
    while hops and _trusted(address) and _is_address(hop := hops.pop().strip()):
        address = hop
    return address


def _trusted(address: str) -> bool:
    return _is_address(address) and any(_plain(address) in ip_network(network) for network in settings.TRUSTED_PROXIES)


def _plain(address: str) -> IPv4Address | IPv6Address:
    """Read an address; an IPv4 one that a server on both families writes as IPv6 is the IPv4 one."""
    found = ip_address(address)
    return getattr(found, "ipv4_mapped", None) or found


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
