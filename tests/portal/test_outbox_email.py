"""MAIL-1, F16, F17: what leaves for a mail server, and what its answers mean. Against a real SMTP server on loopback."""

import socket
import time
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import pytest
from django.core.mail.backends.locmem import EmailBackend
from pytest_django import Settings

from portal import clock
from portal.outbox import relay
from portal.outbox.connection import promised
from portal.outbox.models import Message, State
from tests.portal.letters import letter, write_templates
from tests.story.sinks import MailSink, free_port, plain


class Moody(MailSink):
    """A mail server that can refuse at each step of the talk."""

    at_sender = at_recipient = at_data = ""
    refuses_letter_to = ""
    pipelining = False
    talks = 0

    async def handle_EHLO(self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]) -> list[str]:  # noqa: N802
        """Say what it can."""
        session.host_name = hostname
        self.talks += 1
        return [*responses[:-1], *(["250-PIPELINING"] if self.pipelining else []), responses[-1]]

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take the sender, or not."""
        if self.at_sender:
            return self.at_sender
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        """Take the recipient, or not."""
        if self.at_recipient:
            return self.at_recipient
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """Take the message, or not."""
        if self.refuses_letter_to in envelope.rcpt_tos:
            return "552 5.2.2 Mailbox full"
        return self.at_data or await super().handle_DATA(server, session, envelope)


class Provider(EmailBackend):
    """A provider's library that leaves its id on the message, as django-anymail does, or refuses the recipient."""

    refuses = False

    def send_messages(self, messages: Any) -> int:
        """Take the message."""
        from anymail.exceptions import AnymailRecipientsRefused

        if Provider.refuses:
            raise AnymailRecipientsRefused("nia@glan.example is suppressed")  # type: ignore[no-untyped-call]
        for message in messages:
            message.anymail_status = type("Status", (), {"message_id": "provider-7"})()
        return super().send_messages(messages)


@pytest.fixture(params=["in turn", "pipelining"])
def server(request: pytest.FixtureRequest, db: None, settings: Settings, tmp_path: Path) -> Iterator[Moody]:
    """A mail server, and a Portal that uses it."""
    write_templates(tmp_path, settings)
    sink = Moody()
    sink.pipelining = request.param == "pipelining"
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", sink.port, 2
    yield sink
    sink.stop()


def delivered(**changes: Any) -> Message:
    row = letter(**changes)
    relay.sweep()
    return Message.objects.get(pk=row.pk)


def test_mail1_the_letter_as_it_arrives(server: Moody, settings: Settings) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.HELP_EMAIL = "no-reply@board.example", "help@board.example"
    row = delivered(language="both-cy", context={"name": "Siân"})
    assert row.state == State.ACCEPTED
    (to, arrived), *others = server.messages
    assert not others
    assert to == "nia@glan.example"
    assert parseaddr(str(arrived["From"])) == ("Portal / Porth", "no-reply@board.example")
    assert arrived["Reply-To"] == "help@board.example"
    assert arrived["Message-ID"] == f"<{row.pk}@board.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["Content-Language"] == "cy, en"
    assert "Siân" in str(arrived["Subject"])
    assert arrived.get_content_type() == "multipart/alternative"
    parts = [part for part in arrived.iter_parts() if isinstance(part, EmailMessage)]
    assert [part.get_content_type() for part in parts] == ["text/plain", "text/html"]
    for part in parts:
        assert "hush-hush" in part.get_content()
    assert "Siân" in plain(arrived)


def test_a35_no_secret_in_subject_or_headers(server: Moody) -> None:
    delivered()
    assert "hush" not in str(server.messages[0][1].items())


@pytest.mark.parametrize(
    ("where", "answer", "state"),
    [
        ("at_recipient", "550 5.1.1 No such user", State.FAILED),
        ("at_recipient", "451 4.7.1 Try again later", State.QUEUED),
        ("at_data", "552 5.2.2 Mailbox full", State.FAILED),
        ("at_data", "452 4.3.1 Disk full", State.QUEUED),
        ("at_sender", "553 5.7.1 Not from you", State.FAILED),
        ("at_sender", "530 5.7.0 Sign in first", State.QUEUED),
        ("at_sender", "421 4.3.2 Closing", State.QUEUED),
    ],
)
def test_f16_a_final_no_is_kept_and_not_tried_again_a_passing_one_is(server: Moody, where: str, answer: str, state: State) -> None:
    setattr(server, where, answer)
    row = delivered()
    assert (row.state, row.attempt) == (state, 1)
    assert row.secret == ("" if state == State.FAILED else "hush-hush")
    if state == State.FAILED:
        assert row.reason == answer
    assert not server.messages
    server.at_sender = server.at_recipient = server.at_data = ""
    assert delivered(to="next@glan.example").state == State.ACCEPTED, "the line is good for the next message, or there is a new one"
    assert [to for to, _message in server.messages] == ["next@glan.example"]


def test_nobody_listens_and_the_message_waits(server: Moody, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()
    row = delivered()
    assert (row.state, row.reason) == (State.QUEUED, "ConnectionRefusedError")


def test_f17_a_server_that_says_nothing_is_left_after_the_time_out(server: Moody, settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = silent.getsockname()[1], 0.3
        began = time.monotonic()
        row = delivered()
    assert time.monotonic() - began < 5
    assert row.state == State.QUEUED


def test_the_providers_id_is_kept(server: Moody, settings: Settings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    row = delivered()
    assert (row.state, row.provider_id) == (State.ACCEPTED, "provider-7")


def test_a_provider_that_refuses_the_recipient_is_not_asked_again(
    server: Moody, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.Provider"
    monkeypatch.setattr(Provider, "refuses", True)
    row = delivered()
    assert (row.state, row.reason) == (State.FAILED, "the provider refused the recipient")


def test_a_name_cannot_add_a_header(server: Moody) -> None:
    delivered(context={"name": "Nia\r\nBcc: everybody@glan.example"})
    assert [to for to, _message in server.messages] == ["nia@glan.example"]
    assert server.messages[0][1]["Bcc"] is None


def test_f16_one_refusal_in_a_batch_is_that_of_one_message(server: Moody) -> None:
    server.refuses_letter_to = "p1@glan.example"
    for number in range(4):
        letter(to=f"p{number}@glan.example")
    assert relay.sweep() == 4
    states = dict(Message.objects.values_list("recipient", "state"))
    assert [states[f"p{number}@glan.example"] for number in range(4)] == [State.ACCEPTED, State.FAILED, State.ACCEPTED, State.ACCEPTED]
    assert [to for to, _message in server.messages] == [f"p{number}@glan.example" for number in (0, 2, 3)]
    assert server.talks == 1


def test_an_envelope_that_went_ahead_in_vain_is_taken_back_and_its_letter_leaves_later(server: Moody) -> None:
    for number in range(3):
        letter(to=f"p{number}@glan.example")
    assert relay.sweep(stop=lambda: bool(server.messages)) == 1
    assert [to for to, _message in server.messages] == ["p0@glan.example"]
    assert promised() is None, "no server is left waiting for a letter"
    assert relay.sweep() == 2
    assert sorted(to for to, _message in server.messages) == [f"p{number}@glan.example" for number in range(3)]
    assert set(Message.objects.values_list("state", "tries", "falls")) == {(State.ACCEPTED, 0, 0)}


def test_p23_no_envelope_goes_ahead_of_a_code_that_is_over(server: Moody) -> None:
    letter(to="p0@glan.example")
    over = letter(to="over@glan.example")
    Message.objects.filter(pk=over.pk).update(expires_at=clock.now())
    letter(to="p2@glan.example")
    assert relay.sweep() == 3
    assert sorted(to for to, _message in server.messages) == ["p0@glan.example", "p2@glan.example"]
    assert Message.objects.get(pk=over.pk).state == State.EXPIRED
    assert server.talks == 1
