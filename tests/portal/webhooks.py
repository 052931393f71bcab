"""Speak as a provider: sign a body and post it."""

import json
from typing import Any, Final
from uuid import uuid4

from django.conf import settings
from django.test import Client
from django.urls import reverse

from portal import clock
from portal.outbox.webhooks.signature import sign

CLIENT: Final = Client(enforce_csrf_checks=True)


def event(message: Any, tiding: str = "delivered", **details: Any) -> dict[str, Any]:
    """Return one event about a message in our own format."""
    return {"id": f"{tiding}-{message}", "type": tiding, "message": str(message)} | details


def tell(*events: Any, secret: str = "", age: float = 0, body: bytes | None = None, headers: Any = None) -> Any:
    """Post events, signed with a secret (else the current one), as if so many seconds ago."""
    # A mark of its own in each body: two requests of one second would else be one and the same, a replay.
    text = json.dumps({"events": events, "mark": uuid4().hex}).encode() if body is None else body
    timestamp = f"{clock.now().timestamp() - age:.0f}"
    signed = {"Portal-Timestamp": timestamp, "Portal-Signature": sign(secret or settings.WEBHOOK_SECRETS[0], timestamp, text)}
    return CLIENT.post(reverse("webhook-messages"), text, content_type="application/json", headers=signed | (headers or {}))
