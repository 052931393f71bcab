"""Secrets at rest: ciphertext under rotating keys, one purpose each (A160)."""

import base64

import pytest
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import connection
from pytest_django import Settings

from portal import crypto
from portal.outbox.models import Message

OLD, NEW = "old-key-old-key-old-key-old-key-old-key-0", "new-key-new-key-new-key-new-key-new-key-1"


def test_what_an_old_key_closed_still_opens_once_a_new_key_stands_in_front(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    closed = crypto.encrypt("tân", purpose="seed")
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert crypto.decrypt(closed, purpose="seed") == "tân"
    again = crypto.encrypt("tân", purpose="seed")
    settings.ENCRYPTION_KEYS = [NEW]
    assert crypto.decrypt(again, purpose="seed") == "tân"
    with pytest.raises(InvalidToken):
        crypto.decrypt(closed, purpose="seed")


def test_a_purpose_opens_only_its_own() -> None:
    closed = crypto.encrypt("word", purpose="seed")
    with pytest.raises(InvalidToken):
        crypto.decrypt(closed, purpose="message-secret")
    assert closed != crypto.encrypt("word", purpose="seed")


def test_no_letter_of_the_ciphertext_can_change() -> None:
    closed = crypto.encrypt("word", purpose="seed")
    for at, letter in enumerate(closed):
        for other in {"A", "B", "", "é", "\x00", "="} - {letter}:
            changed = closed[:at] + other + closed[at + 1 :]
            with pytest.raises(InvalidToken):
                crypto.decrypt(changed, purpose="seed")
    for nothing in ("", "v2.", "v2.AAAA", "v3." + closed[3:], closed + "A", "gAAAAA"):
        with pytest.raises(InvalidToken):
            crypto.decrypt(nothing, purpose="seed")


def test_no_nonce_comes_twice_and_equal_texts_look_unlike() -> None:
    closed = {crypto.encrypt("word", purpose="seed") for _ in range(1000)}
    assert len({base64.urlsafe_b64decode(text[3:])[:12] for text in closed}) == 1000


def test_what_was_written_before_aes_256_gcm_still_opens(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"portal/seed").derive(OLD.encode())
    before = Fernet(base64.urlsafe_b64encode(key)).encrypt("tân".encode()).decode()
    assert crypto.decrypt(before, purpose="seed") == "tân"
    with pytest.raises(InvalidToken):
        crypto.decrypt(before, purpose="message-secret")


def test_digests_are_keyed_stable_under_rotation_and_tell_their_parts_apart(settings: Settings) -> None:
    settings.ENCRYPTION_KEYS = [OLD]
    first = crypto.digest("code", "ab", "c")
    assert first == crypto.digest("code", "ab", "c")
    assert len({first, crypto.digest("code", "a", "bc"), crypto.digest("other", "ab", "c")}) == 3
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert crypto.digest("code", "ab", "c") == first
    settings.ENCRYPTION_KEYS = [NEW]
    assert crypto.digest("code", "ab", "c") != first


@pytest.mark.django_db
def test_a160_the_column_holds_ciphertext_and_empty_stays_empty() -> None:
    row = Message.objects.create(kind="ground", recipient="a@example.org", language="en", secret="12345678")
    empty = Message.objects.create(kind="ground", recipient="a@example.org", language="en")
    assert Message.objects.get(pk=row.pk).secret == "12345678"
    with connection.cursor() as cursor:
        cursor.execute("SELECT secret FROM outbox_message ORDER BY secret")
        stored = [value for (value,) in cursor.fetchall()]
    assert stored[0] == ""
    assert "12345678" not in stored[1]
    assert crypto.decrypt(stored[1], purpose="message-secret") == "12345678"
    assert list(Message.objects.filter(secret="")) == [empty]
