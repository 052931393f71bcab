"""Resend by its API, which drops a second sending by itself if it is told the key: in a header of the request, not of the e-mail (F01)."""

from typing import Any

from anymail.backends.resend import EmailBackend as AnymailResend

_KEY = "Idempotency-Key"


class EmailBackend(AnymailResend):
    """django-anymail's, with the row's id as the key."""

    def build_message_payload(self, message: Any, defaults: Any) -> Any:
        """Give the request the key that the e-mail carries."""
        build: Any = super().build_message_payload
        payload = build(message, defaults)
        if key := message.extra_headers.get(_KEY):
            payload.headers[_KEY] = key
        return payload
