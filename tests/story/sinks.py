"""A mail server and an SMS gateway on loopback that keep what they receive."""

import asyncio
import json
import re
import socket
import threading
import time
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.controller import Controller

PATIENCE_SECONDS = 45  # a message that a busy machine could not send at once leaves with the next sweep, every 30 s (P23)


class MailSink:
    """An SMTP server; `wait_for` returns the newest message to an address."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, EmailMessage]] = []
        self.delay = 0.0
        self.begun = 0
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Keep a message (aiosmtpd's hook), after `delay` seconds."""
        self.begun += 1
        await asyncio.sleep(self.delay)
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.messages.extend((to, message) for to in envelope.rcpt_tos)
        return "250 OK"

    def wait_for(self, to: str, *, after: int = 0) -> EmailMessage:
        """Return the newest message to an address among those received after the first `after`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            found = [message for address, message in self.messages[after:] if address == to]
            if found:
                return found[-1]
            time.sleep(0.05)
        raise AssertionError(f"no e-mail reached {to}; {len(self.messages)} messages in all")

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class SmsSink:
    """A JSON-over-HTTP gateway; keeps (number, text)."""

    def __init__(self) -> None:
        self.texts: list[dict[str, Any]] = []
        sink = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                sink.texts.append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for_code(self, *, after: int = 0) -> str:
        """Return the six digits of the newest text received after the first `after`."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if len(self.texts) > after:
                return six_digits(str(self.texts[-1]["message"]))
            time.sleep(0.05)
        raise AssertionError("no text arrived")

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()


def plain(message: EmailMessage) -> str:
    """Return the plain part of an e-mail."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def six_digits(text: str) -> str:
    """Return the first six-digit code in a text."""
    found = re.search(r"(?<!\d)\d{6}(?!\d)", text)
    assert found, text
    return found[0]


def eight_digits(text: str) -> str:
    """Return the first eight-digit code in a text."""
    found = re.search(r"(?<!\d)\d{8}(?!\d)", text)
    assert found, text
    return found[0]


def temporary_password(text: str) -> str:
    """Return the temporary password of an invite: four groups of four."""
    found = re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", text)
    assert found, text
    return found[0]
