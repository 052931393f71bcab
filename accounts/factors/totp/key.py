"""The key of an authenticator app: as text, as address, as picture."""

import base64
import secrets
from urllib.parse import quote, urlencode

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage

from portal import limits

ISSUER = "Portal"


def new_seed() -> str:
    """Make a 160-bit key in Base32, as authenticator apps write it."""
    return base64.b32encode(secrets.token_bytes(limits.P9_TOTP_SECRET_BYTES)).decode("ascii")


def in_groups(seed: str) -> str:
    """Write a key in groups of four for reading aloud or typing."""
    return " ".join(seed[at : at + 4] for at in range(0, len(seed), 4))


def address(seed: str, email: str) -> str:
    """Return the `otpauth:` address that apps read from the QR code or open on the same device."""
    label = quote(f"{ISSUER}:{email}")
    query = urlencode({"secret": seed, "issuer": ISSUER, "algorithm": "SHA1", "digits": 6, "period": 30})
    return f"otpauth://totp/{label}?{query}"


def picture_path(text: str) -> tuple[int, str]:
    """Return a QR code as (side in modules with a quiet zone of four, SVG path), so that the page draws it inline without a style or a file."""
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4, image_factory=SvgPathImage)
    code.add_data(text)
    code.make(fit=True)
    modules = code.get_matrix()
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark)
    return len(modules), path
