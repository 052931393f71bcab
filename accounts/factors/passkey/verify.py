"""Check what a browser answered, with the library. Whatever goes wrong inside is a refusal: never a pass, never a server error (A51)."""

import json
from dataclasses import dataclass
from typing import Any

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, parse_client_data_json

from accounts.factors.passkey.rules import LONGEST_CREDENTIAL, Party, WrongPasskey
from portal import limits


@dataclass(frozen=True)
class NewPasskey:
    """What is kept of a new passkey: base64url texts, and how often it has been used by its own count (0: it does not count)."""

    credential: str
    public_key: str
    sign_count: int


def read_answer(text: object) -> dict[str, Any]:
    """Return a browser's answer as an object. Raises `WrongPasskey` for anything that is none, or is too long."""
    if not isinstance(text, str) or not 0 < len(text) <= limits.A51_PASSKEY_ANSWER_LONGEST:
        raise WrongPasskey()
    try:
        answer = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongPasskey() from error
    if not isinstance(answer, dict):
        raise WrongPasskey()
    return answer


def new_passkey(answer: dict[str, Any], *, challenge: bytes, party: Party) -> NewPasskey:
    """Return the passkey that was made for our challenge on our own pages. Raises `WrongPasskey`."""
    try:
        made = verify_registration_response(
            credential=answer, expected_challenge=challenge, expected_rp_id=party.id, expected_origin=party.origin
        )
        credential = bytes_to_base64url(made.credential_id)
        right = credential == answer["id"] and len(credential) <= LONGEST_CREDENTIAL and not _is_framed(answer)
    except Exception as error:
        raise WrongPasskey() from error
    if not right:
        raise WrongPasskey()
    return NewPasskey(credential, bytes_to_base64url(made.credential_public_key), made.sign_count)


def new_count(answer: dict[str, Any], *, challenge: bytes, party: Party, public_key: str, sign_count: int, handle: bytes) -> int:
    """Check the signature of a passkey and return how often it has been used by its own count. Raises `WrongPasskey`.

    One that counts must have counted up, else somebody has a copy of it. One that names its person must name this one.
    """
    try:
        used = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=base64url_to_bytes(public_key),
            credential_current_sign_count=sign_count,
        )
        named = answer["response"].get("userHandle")
        right = (not named or base64url_to_bytes(named) == handle) and not _is_framed(answer)
    except Exception as error:
        raise WrongPasskey() from error
    if not right:
        raise WrongPasskey()
    return used.new_sign_count


def _is_framed(answer: dict[str, Any]) -> bool:
    """Say whether the answer was given inside a frame on somebody else's page, which the library does not look at."""
    return bool(parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"])).cross_origin)
