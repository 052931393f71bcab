"""What we write by hand reads as what Django would have written."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.core.mail import BadHeaderError
from pytest_django import Settings

from portal.outbox import envelope
from portal.outbox.models import Message
from portal.outbox.render import Letter


def read(whole: bytes) -> EmailMessage:
    message = message_from_bytes(whole, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def by_django(row: Message, letter: Letter) -> bytes:
    message: Any = envelope.compose(row, letter).message()
    whole: bytes = message.as_bytes(linesep="\r\n")
    return whole


@pytest.mark.parametrize(
    ("subject", "text", "html"),
    [
        ("Plain", "one\n\n.\ntwo\n", "<p>one</p>\n"),
        ("Siân has invited you / Mae Siân wedi eich gwahodd " * 4, "Ŵyth\nllinell — ddwy\nthree\n", "<p>Ŵyth &amp; ’</p>"),
        ("From here: to Bcc: there", "From the start\n--x\n", "<p>x\u2028y</p>\n\n"),
    ],
)
def test_both_ways_read_alike(settings: Settings, subject: str, text: str, html: str) -> None:
    settings.DEFAULT_FROM_EMAIL, settings.HELP_EMAIL = "no-reply@board.example", "help@board.example"
    row, letter = Message(recipient="nia.o'neill+1@glan.example"), Letter(subject, text, html, "cy, en")
    whole = envelope.written(row, letter)
    assert whole is not None
    ours, theirs = read(whole), read(by_django(row, letter))
    assert {name.lower() for name in ours.keys()} == {name.lower() for name in theirs.keys()}  # noqa: SIM118  a message has headers twice
    for name in (
        "Subject",
        "From",
        "To",
        "Reply-To",
        "Message-ID",
        "Idempotency-Key",
        "Auto-Submitted",
        "Content-Language",
        "MIME-Version",
    ):
        assert ours[name].strip() == theirs[name].strip(), name
    assert ours.get_content_type() == theirs.get_content_type() == "multipart/alternative"
    for mine, other in zip(ours.iter_parts(), theirs.iter_parts(), strict=True):
        assert isinstance(mine, EmailMessage)
        assert isinstance(other, EmailMessage)
        assert mine.get_content_type() == other.get_content_type()
        assert mine.get_content().rstrip("\n") == other.get_content().rstrip("\n")
    assert b"\n" not in whole.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "recipient", ["nia@glân.example", "siân@glan.example", "a b@glan.example", "nia@glan.example\r\nBcc: x@y.example", ""]
)
def test_an_address_out_of_the_ordinary_is_left_to_django(recipient: str) -> None:
    assert envelope.written(Message(recipient=recipient), Letter("s", "t", "h", "en")) is None


def test_a_very_long_line_is_left_to_django() -> None:
    row = Message(recipient="nia@glan.example")
    assert envelope.written(row, Letter("s", "x" * 997, "h", "en")) is not None
    assert envelope.written(row, Letter("s", "â" * 499, "h", "en")) is None


def test_a_subject_of_several_lines_is_refused() -> None:
    with pytest.raises(BadHeaderError):
        envelope.written(Message(recipient="nia@glan.example"), Letter("s\r\nBcc: x@y.example", "t", "h", "en"))
