"""One message's talk with an SMTP server, in two parts: the envelope says from whom to whom, then the letter is handed over.

In two, because the yes to the message before must be recorded before this letter leaves, and is recorded while the server reads the
envelope. To a server that offers PIPELINING (RFC 2920: Postfix, Exim, Exchange and most others) the envelope goes in one write, and behind a
letter that of the next message, so that it is waited for once or twice a message instead of four times. Everything raised is smtplib's, as
`SMTP.sendmail` would; the line is then ready for another message, or closed.
"""

import contextlib
import smtplib
from dataclasses import dataclass
from typing import Final, NoReturn

_COMMANDS: Final = ("MAIL", "RCPT", "DATA")
_DONE: Final = 250
_FORWARDED: Final = 251
_GO_ON: Final = 354
_CLOSING: Final = 421
_Answer = tuple[int, bytes]


@dataclass(frozen=True)
class Envelope:
    """From whom to whom, and how many bytes."""

    sender: str
    recipient: str
    size: int

    def commands(self, line: smtplib.SMTP) -> tuple[str, str, str]:
        """Return what to say. Raises `ValueError` where an address would add a command."""
        if any("\r" in address or "\n" in address for address in (self.sender, self.recipient)):
            raise ValueError("an address has several lines")
        options = f" SIZE={self.size}" if line.has_extn("size") else ""
        options += " BODY=8BITMIME" if line.has_extn("8bitmime") else ""
        return f"MAIL FROM:<{self.sender}>{options}", f"RCPT TO:<{self.recipient}>", "DATA"

    def written(self, line: smtplib.SMTP) -> bytes:
        """Return all of it for one write."""
        return "".join(f"{command}\r\n" for command in self.commands(line)).encode("ascii")


def pipelines(line: smtplib.SMTP) -> bool:
    """Say whether the server takes several commands at once."""
    line.ehlo_or_helo_if_needed()
    return bool(line.has_extn("pipelining"))


def offer(line: smtplib.SMTP, envelope: Envelope) -> None:
    """Say from whom to whom, until the server asks for the letter."""
    if pipelines(line):
        line.send(envelope.written(line))
        hear(line, envelope)
        return
    answers: list[_Answer] = []
    for command in envelope.commands(line):
        answers.append(line.docmd(command))
        if answers[-1][0] not in {_DONE, _FORWARDED}:
            break
    _judge(line, envelope, answers)


def hear(line: smtplib.SMTP, envelope: Envelope) -> None:
    """Read the answers to an envelope that was written at once; none comes behind a farewell."""
    answers: list[_Answer] = []
    for _command in _COMMANDS:
        answers.append(line.getreply())
        if answers[-1][0] == _CLOSING:
            break
    _judge(line, envelope, answers)


def give(line: smtplib.SMTP, letter: bytes, ahead: bytes = b"") -> None:
    """Hand over the letter, whose lines end in CRLF and whose leading full stops are doubled, and wait for the server's yes.

    `ahead` is the envelope of the next message, whose answers are left to `hear`, whatever becomes of this letter.
    """
    line.send(letter + b".\r\n" + ahead)
    answer = line.getreply()
    if answer[0] == _DONE:
        return
    error = smtplib.SMTPDataError(*answer)
    if ahead and answer[0] != _CLOSING:
        raise error
    _break_off(line, [answer], error)


def _judge(line: smtplib.SMTP, envelope: Envelope, answers: list[_Answer]) -> None:
    mail, *others = answers
    if mail[0] != _DONE:
        _break_off(line, answers, smtplib.SMTPSenderRefused(*mail, envelope.sender))
    if others[0][0] not in {_DONE, _FORWARDED}:
        _break_off(line, others, smtplib.SMTPRecipientsRefused({envelope.recipient: others[0]}))
    if others[1][0] != _GO_ON:
        _break_off(line, others, smtplib.SMTPDataError(*others[1]))


def _break_off(line: smtplib.SMTP, answers: list[_Answer], error: smtplib.SMTPException) -> NoReturn:
    """Bring the line back to where a message begins, or close it, and raise."""
    codes = [code for code, _words in answers]
    with contextlib.suppress(smtplib.SMTPServerDisconnected):
        if _CLOSING in codes:
            line.close()
        else:
            if _GO_ON in codes:
                # It asks for the letter although nobody is to get it: an end without a letter is what RFC 2920 (3.1) gives it.
                line.docmd(".")
            line.rset()
    raise error
