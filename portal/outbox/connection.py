"""One open connection to the mail provider for each thread that sends, kept from message to message.

An envelope may have gone ahead on it (`promise`): then the letter of just that post comes next, or the line is hung up.
"""

import contextlib
import smtplib
import socket
import threading
import time
from typing import Any, Final

from django.conf import settings
from django.core.mail import get_connection
from django.core.mail.backends.base import BaseEmailBackend

from portal import limits

_ASK_AGAIN_SECONDS: Final = 1.0
_GOOD: Final = 250
_mine: Final = threading.local()


def connected() -> BaseEmailBackend:
    """Return an open connection.

    One that rested for more than a second is asked first whether it still stands, so that a server that hung up meanwhile costs no
    message a try; one that rested for half a minute is replaced. Raises what the mail library raises when the provider cannot be reached.
    """
    wanted = (settings.EMAIL_BACKEND, settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT)
    backend: BaseEmailBackend | None = getattr(_mine, "backend", None)
    if backend is not None and (_mine.wanted != wanted or not _stands(backend)):
        hang_up()
        backend = None
    if backend is None:
        backend = get_connection()
        # Kept before it is opened: what fails half-way is hung up too.
        _mine.backend, _mine.wanted = backend, wanted
        backend.open()
        _at_once(backend)
    _mine.used = time.monotonic()
    return backend


def hang_up() -> None:
    """Drop the connection without a farewell, for which a server that hangs would make us wait."""
    backend = getattr(_mine, "backend", None)
    _mine.backend = _mine.promised = None
    for name in ("connection", "_partial_connection", "session"):
        line: Any = getattr(backend, name, None)
        with contextlib.suppress(Exception):
            line.close()


def promised() -> object:
    """Return the post whose envelope went ahead, or None."""
    return getattr(_mine, "promised", None)


def promise(post: object) -> None:
    """Note whose letter comes next, or (None) that an envelope does."""
    _mine.promised = post


def withdraw() -> None:
    """Take back an envelope that went ahead of a letter which is not to follow now: only the end of the line says so."""
    if promised() is not None:
        hang_up()


def _at_once(backend: BaseEmailBackend) -> None:
    """Let the last packet of a letter leave without waiting for the answer to the one before, which a distant server gives after 40 ms."""
    line: Any = getattr(backend, "connection", None)
    if isinstance(line, smtplib.SMTP) and line.sock is not None:
        line.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _stands(backend: BaseEmailBackend) -> bool:
    rested = time.monotonic() - _mine.used
    line: Any = getattr(backend, "connection", None)
    if rested < _ASK_AGAIN_SECONDS or promised() is not None:
        return True
    if rested > limits.MAIL_IDLE_SECONDS:
        return False
    if not isinstance(line, smtplib.SMTP):
        return True
    try:
        return bool(line.noop()[0] == _GOOD)
    except OSError:
        return False
