"""The bytes that leave are those that Django would have written of the same letter, whoever the recipient is."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest

from portal.outbox import envelope, wire
from portal.outbox.models import Channel, Message
from portal.outbox.post import made_ready
from portal.outbox.render import render
from tests.portal.test_outbox_skeleton import CONTEXTS, KINDS, message

ODD = (".", "...dots", "two\nlines", "three\r\nlines", "x" * 700, "&" * 200, "=_boundary--")


def read(data: bytes) -> tuple[EmailMessage, list[str]]:
    """Return a message and its parts as its reader gets them."""
    whole = message_from_bytes(data.replace(b"\r\n..", b"\r\n."), policy=policy.default)
    assert isinstance(whole, EmailMessage)
    return whole, [
        str(part.get_content()).replace("\r\n", "\n").rstrip("\n") for part in whole.iter_parts() if isinstance(part, EmailMessage)
    ]


def in_lines(text: str) -> str:
    return "\n".join(text.splitlines() if "\r" in text else text.split("\n")).rstrip("\n")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_reads_as_it_was_rendered(kind: str) -> None:
    for name, secret in (("<i>Dai</i> & evil.example", "a&b<c>.d"), ("Éa ", "7"), ("xxqsecretq7x", "s"), ("", "")):
        row = message(kind, "both-cy", CONTEXTS[0], name, 5, secret)
        post, letter = made_ready(row), render(row)
        assert post.data is not None
        whole, parts = read(post.data)
        assert parts == [in_lines(letter.text), in_lines(letter.html)]
        assert whole["Subject"] == letter.subject.strip()
        assert whole["To"] == row.recipient
        assert post.letter == letter


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_left_to_who_writes_the_whole_letter(name: str) -> None:
    row = message("invite", "en", CONTEXTS[0], name, 5, "s")
    post = made_ready(row)
    if post.data is not None:
        _whole, parts = read(post.data)
        assert parts == [in_lines(post.letter.text), in_lines(post.letter.html)]
        assert max(map(len, post.data.split(b"\r\n"))) <= envelope.LONGEST_LINE
        assert b"\r\n." not in post.data.replace(b"\r\n..", b"")


def test_nobody_gets_what_is_anothers() -> None:
    rows = [message("invite", "both-en", CONTEXTS[0], f"Name{n}", n, f"secret-{n}") for n in range(3)]
    for number, row in enumerate(rows):
        row.recipient = f"p{number}@glan.example"
        data = made_ready(row).data
        assert data is not None
        for other in range(3):
            for own in (f"Name{other}", f"secret-{other}", f"p{other}@glan.example", str(rows[other].pk)):
                assert (own.encode() in data) == (other == number), own


def test_the_letter_is_put_together_once_for_all_of_its_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    made_ready(message("invite", "en", CONTEXTS[0], "Nia", 0, "s"))
    monkeypatch.setattr(wire, "_cut", lambda _skeleton: pytest.fail("cut again"))
    made_ready(message("invite", "en", CONTEXTS[0], "Dai", 1, "t"))


def test_a_text_and_an_address_out_of_the_ordinary_have_no_bytes() -> None:
    for channel, recipient in ((Channel.SMS, "+447700900123"), (Channel.EMAIL, "siân@glan.example")):
        row = Message(
            kind="sign_in_code", channel=channel, language="en", recipient=recipient, secret="1", context={"name": "Nia", "minutes": 10}
        )
        assert made_ready(row).data is None
