"""Which codes of an authenticator app count at an instant (RFC 6238, P9). Pure."""

import base64
from hmac import compare_digest

from django_otp.oath import hotp

from portal import limits


def step_at(epoch_seconds: float) -> int:
    """Return the number of the 30-second step of an instant."""
    return int(epoch_seconds) // limits.P9_TOTP_STEP_SECONDS


def code_at(seed: str, step: int) -> str:
    """Return the six digits that an app with this Base32 key shows during a step."""
    return f"{hotp(base64.b32decode(seed), step, limits.P9_TOTP_DIGITS):0{limits.P9_TOTP_DIGITS}d}"


def matching_step(seed: str, code: str, now_step: int, last_step: int) -> int | None:
    """Return the step a code belongs to: the current or the previous one, and never one at or before the last accepted; else None."""
    found = None
    for step in range(now_step, now_step - limits.P9_TOTP_STEPS_BEHIND - 1, -1):
        if step > last_step and compare_digest(code_at(seed, step), code):
            found = step
    return found
