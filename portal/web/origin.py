"""Where a request comes from: the client's address behind trusted proxies, and the browser. The audit trail and the limits read it."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Network, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from portal import limits

_LONGEST_BROWSER = 200


@dataclass(frozen=True)
class Origin:
    """Address and browser of whoever asks; empty outside a request."""

    address: str = ""
    browser: str = ""

    @property
    def network(self) -> str:
        """What limits for an address count by: of IPv6 its network, since whoever has one such address has 2^64 (P12)."""
        return _network(self.address)


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


def _network(address: str) -> str:
    if not _is_address(address):
        return address
    found = ip_address(address)
    if isinstance(found, IPv4Address):
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found.packed, limits.P12_IPV6_NETWORK_BITS), strict=False))


def _trusted(address: str) -> bool:
    return _is_address(address) and any(ip_address(address) in ip_network(network) for network in settings.TRUSTED_PROXIES)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True
