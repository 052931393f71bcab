"""MAIL-4: texts through a gateway: a real HTTP server receives what the library posts."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from pytest_django import Settings

from portal.outbox import relay
from portal.outbox.models import Channel, Message, State
from portal.outbox.sms import gateway_address
from tests.portal.letters import letter, write_templates
from tests.story.sinks import free_port

NUMBER = "+447700900123"


class Gateway:
    """A JSON-over-HTTP gateway; keeps (path, body) and answers with `status`."""

    def __init__(self) -> None:
        self.received: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                outer.received.append((self.path, json.loads(body)))
                self.send_response(outer.status)
                self.end_headers()

            def log_message(self, *_args: Any) -> None:
                """Stay quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def gateway(db: None, settings: Settings, tmp_path: Path) -> Iterator[Gateway]:
    """A gateway, and a Portal that uses it."""
    write_templates(tmp_path, settings)
    server = Gateway()
    settings.SMS_URL = f"json://{server.address}/texts"
    yield server
    server.stop()


def delivered(to: str = NUMBER) -> Message:
    row = letter(to=to, channel=Channel.SMS)
    relay.sweep()
    return Message.objects.get(pk=row.pk)


def test_mail4_a_text_reaches_the_gateway_with_its_number(gateway: Gateway) -> None:
    row = delivered()
    assert (row.state, row.secret) == (State.ACCEPTED, "")
    [(path, body)] = gateway.received
    assert path.rstrip("/") == "/texts"
    assert body["to"] == NUMBER
    assert "hush-hush" in body["message"]
    assert body["message"].isascii()


def test_the_number_may_stand_in_the_path(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_URL = f"json://{gateway.address}/send/{{to}}/now"
    assert delivered().state == State.ACCEPTED
    [(path, body)] = gateway.received
    assert unquote(path).rstrip("/") == f"/send/{NUMBER}/now"
    assert "to" not in body


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_gateway_that_fails_is_asked_again_later(gateway: Gateway, status: int) -> None:
    gateway.status = status
    row = delivered()
    assert (row.state, row.reason, row.secret) == (State.QUEUED, "GatewayRefused", "hush-hush")


def test_a_gateway_that_is_down_is_asked_again_later(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_URL = f"json://127.0.0.1:{free_port()}/"
    assert delivered().state == State.QUEUED


@pytest.mark.parametrize("number", ["07700900123", "+4477", "+44 7700 900123", "+44770090012345678", "nia@glan.example", "+४४७७००९००१२३"])
def test_f16_what_is_no_number_is_refused_for_good(gateway: Gateway, number: str) -> None:
    row = delivered(number)
    assert (row.state, row.attempt, row.secret) == (State.FAILED, 1, "")
    assert "number" in row.reason
    assert not gateway.received


def test_without_a_gateway_a_demonstration_keeps_the_text_for_the_mailbox(gateway: Gateway, settings: Settings) -> None:
    settings.SMS_URL = ""
    assert delivered().state == State.ACCEPTED
    assert not gateway.received


def test_no_secret_of_a_text_is_logged(gateway: Gateway, caplog: pytest.LogCaptureFixture) -> None:
    gateway.status = 500
    delivered()
    assert "hush" not in "".join(record.getMessage() for record in caplog.records if record.levelname != "DEBUG")


@pytest.mark.parametrize(
    ("url", "begins"),
    [
        ("twilio://sid:token@15550001111", "twilio://sid:token@15550001111/%2B447700900123?"),
        ("sns://key/secret/eu-west-2/", "sns://key/secret/eu-west-2/%2B447700900123?"),
        ("custom://host/{to}?from=Portal", "custom://host/%2B447700900123?from=Portal&"),
        ("jsons://host/path?-kind=sms", "jsons://host/path?-kind=sms&%3Ato=%2B447700900123&"),
    ],
)
def test_the_number_goes_where_the_kind_of_gateway_wants_it_and_no_call_lasts_for_ever(url: str, begins: str) -> None:
    address = gateway_address(url, NUMBER)
    assert address.startswith(begins)
    patience = parse_qs(urlsplit(address).query)
    assert (patience["cto"], patience["rto"]) == (["10"], ["10"])
