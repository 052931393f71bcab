"""Words and shapes around passkeys. Pure."""

import hashlib
import ipaddress
from typing import Final, NamedTuple
from urllib.parse import urlsplit
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from portal.web.refusal import Refusal

LONGEST_CREDENTIAL: Final = 1364
"""Characters of a credential's id: 1023 bytes, the most the standard allows, in base64url."""
_PORTS: Final = {"http": 80, "https": 443}


class WrongPasskey(Refusal):
    """Anything about a passkey's answer was not right: one sentence for all, so that nobody learns what (A51)."""

    message = _("The passkey was not accepted. Try again, or use another way")


class TooManyPasskeys(Refusal):
    """The person has as many as anybody may have."""

    message = _("You have as many passkeys as an account can have. Remove one first")


class NoPasskeysHere(Refusal):
    """Not for this person, since staff use the app alone (MFA-1), or not at this address, where no browser makes one."""

    message = _("You cannot use a passkey here. Choose another way")


class Party(NamedTuple):
    """Who asks for a passkey: the domain it is bound to, and the only origin whose pages may use it."""

    id: str
    origin: str


def party_of(base_url: str) -> Party:
    """Read both from the Portal's own address, as browsers write them: lower case, without the usual port."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    port = "" if parts.port in {None, _PORTS.get(parts.scheme)} else f":{parts.port}"
    return Party(host, f"{parts.scheme}://{host}{port}")


def can_hold_passkeys(base_url: str) -> bool:
    """Say whether browsers make passkeys for an address: never for a bare IP address, and in the clear for localhost alone."""
    parts = urlsplit(base_url)
    host = parts.hostname or ""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return parts.scheme == "https" or host == "localhost" or host.endswith(".localhost")
    return False


def user_handle(pk: UUID) -> bytes:
    """Return the 32 bytes by which a passkey knows its person: they name nobody, and a change of our keys does not change them."""
    return hashlib.sha256(b"portal passkey user handle\x00" + pk.bytes).digest()
