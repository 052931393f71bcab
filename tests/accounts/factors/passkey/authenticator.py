"""A security key in software: it makes a key pair and signs challenges, rightly unless a test tells it to do something odd."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

ORIGIN: Final = "https://portal.example"
PRESENT, VERIFIED, HOLDS_KEY = 0x01, 0x04, 0x40


def coded(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def plain(text: str) -> bytes:
    """Base64url back to bytes."""
    return base64.urlsafe_b64decode(text + "==")


@dataclass
class Authenticator:
    """One passkey. `count` is its own count of uses; with `counts` False it says 0 for ever, as those on phones do."""

    counts: bool = True
    count: int = 0
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    handle: bytes = b""

    def create(self, options: str, *, origin: str = ORIGIN, **odd: Any) -> str:
        """Answer navigator.credentials.create with what a browser would post."""
        asked = json.loads(options)
        self.handle = plain(asked["user"]["id"])
        attested = b"\x00" * 16 + len(self.id).to_bytes(2, "big") + self.id + self._cose()
        data = self._data(odd.get("rp", asked["rp"]["id"]), odd.get("flags", PRESENT | VERIFIED) | HOLDS_KEY) + attested
        said = self._said(odd.get("type", "webauthn.create"), odd.get("challenge", asked["challenge"]), origin, odd.get("more", {}))
        statement = {"fmt": "none", "attStmt": {}, "authData": data}
        return self._posted({"clientDataJSON": coded(said), "attestationObject": coded(cbor2.dumps(statement))})

    def get(self, options: str, *, origin: str = ORIGIN, **odd: Any) -> str:
        """Answer navigator.credentials.get."""
        asked = json.loads(options)
        self.count += 1 if self.counts else 0
        data = self._data(odd.get("rp", asked["rpId"]), odd.get("flags", PRESENT | VERIFIED))
        said = self._said(odd.get("type", "webauthn.get"), odd.get("challenge", asked["challenge"]), origin, odd.get("more", {}))
        signature = odd.get("key", self.key).sign(data + hashlib.sha256(said).digest(), ec.ECDSA(SHA256()))
        answer = {"clientDataJSON": coded(said), "authenticatorData": coded(data), "signature": coded(signature)}
        handle = odd.get("handle", self.handle)
        return self._posted(answer | ({"userHandle": coded(handle)} if handle else {}))

    def clone(self) -> "Authenticator":
        """Copy the key with its present count."""
        return Authenticator(self.counts, self.count, self.id, self.key, self.handle)

    def _posted(self, response: dict[str, str]) -> str:
        return json.dumps({"id": coded(self.id), "rawId": coded(self.id), "type": "public-key", "response": response})

    def _data(self, rp: str, flags: int) -> bytes:
        return hashlib.sha256(rp.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")})

    @staticmethod
    def _said(kind: str, challenge: str, origin: str, more: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False} | more).encode()
