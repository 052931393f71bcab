"""Open the Portal for a morning: fill it, start it, and warm it as a server is that did not start this minute."""

import base64
import json
import time
from functools import partial
from typing import Any, Final

from django_otp.oath import hotp

from bench.morning.morning import Plan, play
from bench.morning.stack import Stack

_STEP_SECONDS: Final = 30
PEOPLE_A_CENTRE: Final = 4


def opened(stack: Stack, people: int, *, warm: int = 0) -> list[dict[str, Any]]:
    """Return so many people who may come, each once; `warm` further ones have been there before anybody is counted."""
    many = people + warm
    told = stack.run("-m", "bench.morning.people", str(-(-many // PEOPLE_A_CENTRE)), str(many))
    found = [json.loads(line) for line in told.splitlines()]
    for person in found:
        person["code"] = partial(_code, person["seed"])
    stack.start()
    if warm:
        first = play(stack.port, found[people:], Plan(warm, warm * 0.2, 10, pause=0.1))
        assert not first.failures, first.failures
    return found[:people]


def _code(seed: str) -> str:
    """Return what the person's authenticator shows now."""
    return f"{hotp(base64.b32decode(seed), int(time.time()) // _STEP_SECONDS):06d}"
