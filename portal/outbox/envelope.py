"""Write an e-mail's bytes for SMTP at once. Django's way to them, right for any message, costs several times what sending them does.

Ours are all alike: two parts, plain and HTML, in UTF-8. What is out of the ordinary (an address in other letters, a very long line) is left
to Django; tests/portal/test_outbox_envelope.py reads both and compares.
"""

import re
import secrets
from email.utils import formatdate
from functools import lru_cache
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.outbox.models import Message
from portal.outbox.render import Letter
from portal.outbox.webhooks.anymail_events import ROW

_PLAIN_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+", re.ASCII)
LONGEST_LINE: Final = 998  # bytes; RFC 5322 wants longer ones encoded
_PART: Final = 'Content-Type: text/{}; charset="utf-8"\r\nMIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'


def compose(message: Message, letter: Letter) -> EmailMultiAlternatives:
    """Put a letter into an envelope whose key is the row's id, so that a second sending after a crash is recognised as the same message."""
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=_sender(settings.DEFAULT_FROM_EMAIL),
        to=[message.recipient],
        reply_to=[settings.HELP_EMAIL],
        headers=_headers(message, letter.languages),
    )
    mail.metadata = {ROW: str(message.pk)}  # type: ignore[attr-defined]  # a provider gives it back with each event
    mail.attach_alternative(letter.html, "text/html")
    return mail


def written(message: Message, letter: Letter) -> bytes | None:
    """Return the same message as bytes, or None when it is out of the ordinary."""
    if not plain_address(message):
        return None
    boundary = new_boundary()
    whole = head(message, letter.subject, letter.languages, boundary) + b"".join(bodies(letter, boundary))
    return whole if longest_line(whole) < LONGEST_LINE else None


def plain_address(message: Message) -> bool:
    """Say whether the recipient's address is of the ordinary kind."""
    return bool(_PLAIN_ADDRESS.fullmatch(message.recipient))


def new_boundary() -> str:
    """Make what stands between the parts and nowhere in them."""
    return f"=_{secrets.token_hex(16)}"


def longest_line(whole: bytes) -> int:
    """Return how many bytes the longest line has."""
    return max(map(len, whole.split(b"\r\n")))


def head(message: Message, subject: str, languages: str, boundary: str) -> bytes:
    """Return the headers."""
    own = "".join(f"{name}: {value}\r\n" for name, value in _headers(message, languages).items())
    return (
        f'Content-Type: multipart/alternative; boundary="{boundary}"\r\nMIME-Version: 1.0\r\n{_frame(subject, settings.HELP_EMAIL)}'
        f"To: {message.recipient}\r\nDate: {formatdate()}\r\n{own}\r\n"
    ).encode()


def bodies(letter: Letter, boundary: str) -> tuple[bytes, bytes]:
    """Return the two parts, the second with the end behind it."""
    plain, html = (
        f"--{boundary}\r\n{_PART.format(kind)}{_lines(text)}\r\n".encode() for kind, text in (("plain", letter.text), ("html", letter.html))
    )
    return plain, html + f"--{boundary}--\r\n".encode()


def _headers(message: Message, languages: str) -> dict[str, str]:
    key = str(message.pk)
    return {
        "Message-ID": f"<{key}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
        # What reads it in an e-mail drops a second sending by itself; `portal.outbox.resend` hands it over as that provider wants it.
        "Idempotency-Key": key,
        "Auto-Submitted": "auto-generated",
        "Content-Language": languages,
    }


def _sender(address: str) -> str:
    return f"Portal / Porth <{address}>"


@lru_cache(maxsize=256)
def _frame(subject: str, help_email: str) -> str:
    """Return the headers that many messages share, as Django writes them. Raises `BadHeaderError` for a subject of several lines."""
    mail = EmailMultiAlternatives(subject=subject, from_email=_sender(settings.DEFAULT_FROM_EMAIL), reply_to=[help_email]).message()
    return "".join(f"{name}: {mail[name]}\r\n" for name in ("Subject", "From", "Reply-To")).replace("\n", "\r\n").replace("\r\r", "\r")


def _lines(text: str) -> str:
    return "\r\n".join(text.splitlines() if "\r" in text else text.split("\n"))
