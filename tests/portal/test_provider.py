"""MAIL-3, MAIL-4 with a provider behind an HTTP interface: a Postmark of our own on loopback takes the message, and tells what became of it."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
from django.utils.module_loading import import_string
from pytest_django import Settings

from portal import mail_url
from portal.outbox import relay
from portal.outbox.connection import hang_up
from portal.outbox.envelope import compose
from portal.outbox.models import Message, State
from portal.outbox.render import render
from portal.outbox.webhooks.urls import addresses
from tests.portal.letters import letter, write_templates
from tests.portal.test_webhooks_anymail import BOUNCE, DELIVERY, tell

pytestmark = pytest.mark.django_db
INACTIVE: Final = (
    "You tried to send to recipient(s) that have been marked as inactive. Found inactive addresses: nia@glan.example. "
    "Inactive recipients are ones that have generated a hard bounce or a spam complaint."
)


class Provider:
    """Takes e-mails over HTTP as Postmark does; `status` and `error` say how it answers."""

    def __init__(self) -> None:
        self.received: list[dict[str, Any]] = []
        self.status, self.error = 200, 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                said = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                message = said[0] if isinstance(said, list) else said
                if not outer.error and outer.status == 200:
                    outer.received.append(message)
                answer = {"ErrorCode": outer.error, "Message": INACTIVE if outer.error else "OK", "MessageID": "provider-7"}
                body = json.dumps([answer | {"To": message["To"]}] if isinstance(said, list) else answer | {"To": message["To"]}).encode()
                self.send_response(outer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"postmark://token?api_url=http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def provider(settings: Settings, tmp_path: Path) -> Iterator[Provider]:
    """A provider, and a Portal that uses it."""
    write_templates(tmp_path, settings)
    server = Provider()
    mail = mail_url.read(server.url, testing=False)
    settings.EMAIL_BACKEND = mail.backend
    settings.ANYMAIL = {**mail.anymail, "REQUESTS_TIMEOUT": 5, "WEBHOOK_SECRET": ["portal:secret"]}
    settings.ROOT_URLCONF = "tests.portal.postmark_urls"
    hang_up()
    yield server
    hang_up()
    server.stop()


def sent() -> Message:
    row = letter(context={"name": "Siân"})
    relay.sweep()
    row.refresh_from_db()
    return row


def test_what_the_provider_gets(provider: Provider) -> None:
    row = sent()
    assert (row.state, row.provider_id, row.secret) == (State.ACCEPTED, "provider-7", "")
    [message] = provider.received
    headers = {header["Name"]: header["Value"] for header in message["Headers"]}
    assert headers["Message-ID"].startswith(f"<{row.pk}@")
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Content-Language"] == "en"
    assert "List-Unsubscribe" not in headers
    assert message["Metadata"] == {"portal_message": str(row.pk)}
    assert (message["TrackOpens"], message["TrackLinks"]) == (False, "None")
    assert "hush-hush" in message["TextBody"]
    assert "hush-hush" in message["HtmlBody"]


def test_mail3_what_it_tells_afterwards_moves_the_message(provider: Provider) -> None:
    row = sent()
    assert tell(BOUNCE) == tell(DELIVERY) == 200
    row.refresh_from_db()
    assert row.state == State.BOUNCED


def test_f16_a_recipient_it_refuses_is_not_tried_again(provider: Provider) -> None:
    provider.status, provider.error = 422, 406
    row = sent()
    assert (row.state, row.secret) == (State.FAILED, "")


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_provider_in_trouble_is_asked_again_later(provider: Provider, status: int) -> None:
    provider.status = status
    row = sent()
    assert (row.state, row.secret) == (State.QUEUED, "hush-hush")


def test_f01_resend_is_told_the_key_by_which_it_drops_a_second_sending(settings: Settings, tmp_path: Path) -> None:
    write_templates(tmp_path, settings)
    mail_settings = mail_url.read("resend://key", testing=False)
    settings.ANYMAIL = mail_settings.anymail
    row = letter()
    backend = import_string(mail_settings.backend)()
    payload = backend.build_message_payload(compose(row, render(row)), backend.send_defaults)
    assert payload.get_request_params("https://api.example/")["headers"]["Idempotency-Key"] == str(row.pk)
    assert "resend/" in [str(one.pattern) for one in addresses(mail_settings.backend)], "and may tell what became of it"
    assert len(addresses("django.core.mail.backends.smtp.EmailBackend")) == 1
