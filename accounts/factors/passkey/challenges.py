"""Challenges of passkeys: kept in the session of the browser that asked, for one person, one purpose, ten minutes and one answer."""

import secrets
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from accounts.models import User
from portal import clock, limits
from portal.ratelimit import allow

SECONDS: Final = limits.P8_CODE_MINUTES * 60
_BYTES: Final = 32


def new_challenge(*, user: User, session: SessionBase, purpose: str) -> bytes:
    """Make a challenge and note it in the session; an earlier one for the same purpose is dead."""
    challenge = secrets.token_bytes(_BYTES)
    session[_key(purpose)] = {"challenge": bytes_to_base64url(challenge), "person": str(user.pk), "at": clock.now().timestamp()}
    return challenge


def take_challenge(*, user: User, session: SessionBase, purpose: str) -> bytes | None:
    """Take the challenge out of the session, right answer or not; None if there is none for this person, or it is too old or was used.

    Two requests may read the same session at the same moment. That only one of them gets the challenge is decided by one statement in the
    database (A15), also for authenticators that do not count. Call it outside a transaction: one that is rolled back forgets what was taken.
    """
    noted = session.pop(_key(purpose), None)
    if noted is None or noted["person"] != str(user.pk):
        return None
    if not 0 <= clock.now().timestamp() - noted["at"] < SECONDS:
        return None
    if not allow.try_take("passkey-challenge", noted["challenge"], (1, SECONDS)):
        return None
    return base64url_to_bytes(noted["challenge"])


def _key(purpose: str) -> str:
    return f"passkey_{purpose}"
