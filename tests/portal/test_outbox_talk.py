"""The talk with an SMTP server, line by line: how often it is waited for, and where the line stands after a refusal."""

import smtplib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import pytest

from portal.outbox import talk

GOOD: Final = {"MAIL": "250 fine", "RCPT": "250 fine", "DATA": "354 go on", ".": "250 taken", "RSET": "250 fine", "QUIT": "221 bye"}
LETTER: Final = b"Subject: x\r\n\r\n..\r\n...\r\nEnd\r\n"
ENVELOPE: Final = talk.Envelope("no-reply@board.example", "nia@glan.example", len(LETTER))


class Scripted:
    """A server that says what it is told and keeps what it hears. With `together` it answers the envelope once it has all of it."""

    def __init__(
        self, answers: dict[str, str] | None = None, *, extensions: tuple[str, ...] = ("PIPELINING",), together: bool = False
    ) -> None:
        self.heard: list[str] = []
        self.letters: list[bytes] = []
        self.answers = GOOD | {"EHLO": "\r\n".join(f"250-{word}" for word in ("here", *extensions)) + "\r\n250 HELP"} | (answers or {})
        self._together = together
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop listening."""
        self._thread.join(5)
        self._listening.close()

    def _serve(self) -> None:
        line, _address = self._listening.accept()
        with line, line.makefile("rb") as file:
            line.sendall(b"220 here\r\n")
            while first := file.readline():
                lines = [first, file.readline(), file.readline()] if self._together and first.startswith(b"MAIL") else [first]
                for one in lines:
                    answer = self._answer(one.decode().strip())
                    line.sendall(f"{answer}\r\n".encode())
                    if answer.startswith("354"):
                        self.letters.append(b"".join(iter(file.readline, b".\r\n")))
                        line.sendall(f"{self.answers['.']}\r\n".encode())
                    if answer.startswith(("221", "421")):
                        return

    def _answer(self, heard: str) -> str:
        self.heard.append(heard)
        return self.answers[heard[:4].upper()]


@contextmanager
def talking(server: Scripted) -> Iterator[smtplib.SMTP]:
    try:
        with smtplib.SMTP("127.0.0.1", server.port, local_hostname="us", timeout=3) as line:
            yield line
    finally:
        server.stop()


def test_a_server_that_pipelines_gets_the_envelope_in_one_write() -> None:
    server = Scripted(extensions=("PIPELINING", "8BITMIME", "SIZE 100000"), together=True)
    with talking(server) as line:
        for _time in range(2):
            talk.offer(line, ENVELOPE)
            talk.give(line, LETTER)
    envelope = [f"MAIL FROM:<no-reply@board.example> SIZE={len(LETTER)} BODY=8BITMIME", "RCPT TO:<nia@glan.example>", "DATA"]
    assert server.heard == ["ehlo us", *envelope, *envelope, "QUIT"]
    assert server.letters == [LETTER] * 2


def test_a_server_that_does_not_is_asked_one_thing_after_another() -> None:
    server = Scripted({"RCPT": "550 5.1.1 nobody"}, extensions=())
    with talking(server) as line, pytest.raises(smtplib.SMTPRecipientsRefused):
        talk.offer(line, ENVELOPE)
    assert server.heard[1:] == ["MAIL FROM:<no-reply@board.example>", "RCPT TO:<nia@glan.example>", "rset", "QUIT"]


@pytest.mark.parametrize(
    ("answers", "error", "code"),
    [
        ({"MAIL": "553 not you", "RCPT": "503 first MAIL", "DATA": "503 first RCPT"}, smtplib.SMTPSenderRefused, 553),
        ({"RCPT": "550 nobody", "DATA": "503 first RCPT"}, smtplib.SMTPRecipientsRefused, 550),
        ({"RCPT": "550 nobody", "DATA": "354 go on", ".": "554 to nobody?"}, smtplib.SMTPRecipientsRefused, 550),
        ({"DATA": "451 not now"}, smtplib.SMTPDataError, 451),
    ],
)
def test_after_a_refusal_nothing_of_a_letter_was_said_and_the_next_message_may_begin(
    answers: dict[str, str], error: type[smtplib.SMTPException], code: int
) -> None:
    server = Scripted(answers, together=True)
    with talking(server) as line:
        with pytest.raises(error) as raised:
            talk.offer(line, ENVELOPE)
        assert str(code) in str(raised.value)
        assert not any(server.letters), "at most an end without a letter"
        server.answers |= GOOD
        talk.offer(line, ENVELOPE)
        talk.give(line, LETTER)
    assert server.letters[-1] == LETTER
    assert "rset" in server.heard


def test_a_server_that_says_farewell_is_not_waited_for() -> None:
    server = Scripted({"MAIL": "421 closing"})
    with talking(server) as line:
        with pytest.raises(smtplib.SMTPSenderRefused, match="closing"):
            talk.offer(line, ENVELOPE)
        with pytest.raises(smtplib.SMTPServerDisconnected):
            line.noop()


def test_the_next_envelope_travels_behind_a_letter_and_its_answers_are_read_later() -> None:
    server = Scripted()
    with talking(server) as line:
        talk.offer(line, ENVELOPE)
        talk.give(line, LETTER, ENVELOPE.written(line))
        talk.hear(line, ENVELOPE)
        talk.give(line, LETTER)
    assert server.letters == [LETTER] * 2


def test_an_envelope_that_went_ahead_holds_though_the_letter_before_was_not_taken() -> None:
    server = Scripted({".": "552 too full"})
    with talking(server) as line:
        talk.offer(line, ENVELOPE)
        with pytest.raises(smtplib.SMTPDataError, match="full"):
            talk.give(line, LETTER, ENVELOPE.written(line))
        server.answers |= GOOD
        talk.hear(line, ENVELOPE)
        talk.give(line, LETTER)
    assert "rset" not in server.heard


@pytest.mark.parametrize("answer", ["552 too full", "451 later"])
def test_a_letter_that_is_not_taken_leaves_the_line_fit_for_the_next(answer: str) -> None:
    server = Scripted({".": answer})
    with talking(server) as line:
        talk.offer(line, ENVELOPE)
        with pytest.raises(smtplib.SMTPDataError, match=answer[4:]):
            talk.give(line, LETTER)
        server.answers |= GOOD
        talk.offer(line, ENVELOPE)
        talk.give(line, LETTER)


@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
def test_an_address_of_several_lines_adds_no_command(extensions: tuple[str, ...]) -> None:
    server = Scripted(extensions=extensions)
    with talking(server) as line, pytest.raises(ValueError, match="several lines"):
        talk.offer(line, talk.Envelope("a@b.example", "x@y.example>\r\nRCPT TO:<z@y.example", 1))
    assert not any("z@y" in heard for heard in server.heard)
