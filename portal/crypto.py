"""Keep secrets secret: encryption with rotating keys, keyed digests, and a model field that stores only ciphertext."""

import base64
import hashlib
import hmac
import logging
import secrets
from functools import lru_cache
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

_KIND: Final = "v2."
"""What AES-256-GCM wrote; without it stands what Fernet (AES-128-CBC and HMAC) wrote before. The next kind gets the next number."""
_NONCE: Final = 12
_log = logging.getLogger("portal.crypto")


def encrypt(text: str, *, purpose: str) -> str:
    """Return ciphertext (URL-safe text) under the current key for a purpose: AES-256-GCM with a random nonce."""
    nonce = secrets.token_bytes(_NONCE)
    closed = _boxes(tuple(settings.ENCRYPTION_KEYS), purpose)[0].encrypt(nonce, text.encode(), _KIND.encode())
    return _KIND + base64.urlsafe_b64encode(nonce + closed).decode("ascii")


def decrypt(text: str, *, purpose: str) -> str:
    """Return the text again, under any of the keys. Raises `cryptography.fernet.InvalidToken` for another purpose or a forged text."""
    keys = tuple(settings.ENCRYPTION_KEYS)
    if not text.startswith(_KIND):
        return _old_box(keys, purpose).decrypt(text.encode()).decode()
    written = text.removeprefix(_KIND)
    try:
        closed = base64.urlsafe_b64decode(written)
    except ValueError:
        raise InvalidToken from None
    if base64.urlsafe_b64encode(closed).decode() != written:
        raise InvalidToken  # the same bytes in another spelling are not what we wrote
    for box in _boxes(keys, purpose):
        try:
            return box.decrypt(closed[:_NONCE], closed[_NONCE:], _KIND.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise InvalidToken


def digest(purpose: str, *values: str) -> str:
    """Return a keyed HMAC-SHA-256 (hex) of values that a stolen database cannot test guesses against.

    Keyed by the last (oldest) encryption key, so that adding a new key in front does not change digests already stored.
    """
    message = "\x00".join((purpose, *values)).encode()
    return hmac.new(_derived(settings.ENCRYPTION_KEYS[-1], "digest"), message, hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    """Compare two digests in constant time."""
    return hmac.compare_digest(one.encode(), other.encode())


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]
    """Text that reads as text and is stored as ciphertext; empty stays empty. Cannot be searched.

    What no key opens raises, or reads as empty with `lost_is_empty`: for a secret that whoever uses it must find useless when it is empty.
    """

    def __init__(self, *args: Any, purpose: str, lost_is_empty: bool = False, **kwargs: Any) -> None:
        self.purpose = purpose
        self.lost_is_empty = lost_is_empty
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """Keep the purpose in migrations."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "purpose": self.purpose}

    def get_prep_value(self, value: Any) -> Any:
        """Encrypt on the way in."""
        text = super().get_prep_value(value)
        return encrypt(text, purpose=self.purpose) if text else text

    def from_db_value(self, value: str | None, _expression: Any, _connection: Any) -> str | None:
        """Decrypt on the way out."""
        try:
            return decrypt(value, purpose=self.purpose) if value else value
        except InvalidToken:
            if not self.lost_is_empty:
                raise
            _log.error("a %s cannot be read with any of the keys: is one missing in ENCRYPTION_KEYS?", self.purpose)
            return ""


@lru_cache(maxsize=64)
def _boxes(keys: tuple[str, ...], purpose: str) -> tuple[AESGCM, ...]:
    return tuple(AESGCM(_derived(key, f"aes-256-gcm/{purpose}")) for key in keys)


@lru_cache(maxsize=64)
def _old_box(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


@lru_cache(maxsize=64)
def _derived(key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal/{purpose}".encode()).derive(key.encode())
