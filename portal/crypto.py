"""Keep secrets secret: encryption with rotating keys, keyed digests, and a model field that stores only ciphertext."""

import base64
import hashlib
import hmac
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


def encrypt(text: str, *, purpose: str) -> str:
    """Return ciphertext (URL-safe text) under the current key for a purpose."""
    return _box(tuple(settings.ENCRYPTION_KEYS), purpose).encrypt(text.encode()).decode("ascii")


def decrypt(text: str, *, purpose: str) -> str:
    """Return the text again, under any of the keys. Raises `cryptography.fernet.InvalidToken` for another purpose or a forged text."""
    return _box(tuple(settings.ENCRYPTION_KEYS), purpose).decrypt(text.encode("ascii")).decode()


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
    """Text that reads as text and is stored as ciphertext; empty stays empty. Cannot be searched."""

    def __init__(self, *args: Any, purpose: str, **kwargs: Any) -> None:
        self.purpose = purpose
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
        return decrypt(value, purpose=self.purpose) if value else value


@lru_cache(maxsize=64)
def _box(keys: tuple[str, ...], purpose: str) -> MultiFernet:
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key, purpose))) for key in keys])


@lru_cache(maxsize=64)
def _derived(key: str, purpose: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=f"portal/{purpose}".encode()).derive(key.encode())
