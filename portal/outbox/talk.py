"""One message's talk with an SMTP server, in two parts: `offer` says from whom to whom, `give` hands over the letter.

In two, because the yes to the message before must be on our disk before this letter leaves, and is written there while the server reads
the envelope. A server that offers PIPELINING (RFC 2920: Postfix, Exim, Exchange and most others) gets the envelope in one write and is waited for twice
a message instead of four times. Everything raised is smtplib's, as `SMTP.sendmail` would; the line is then ready for another message, or closed.
"""

import contextlib
import smtplib
from typing import Final, NoReturn

_DONE: Final = 250
_FORWARDED: Final = 251
_GO_ON: Final = 354
_CLOSING: Final = 421
_Answer = tuple[int, bytes]


def offer(line: smtplib.SMTP, *, sender: str, recipient: str, size: int) -> None:
    """Say from whom to whom, until the server asks for the letter."""
    line.ehlo_or_helo_if_needed()
    options = f" SIZE={size}" if line.has_extn("size") else ""
    options += " BODY=8BITMIME" if line.has_extn("8bitmime") else ""
    commands = (f"MAIL FROM:<{sender}>{options}", f"RCPT TO:<{recipient}>", "DATA")
    mail, *others = _together(line, commands) if line.has_extn("pipelining") else _in_turn(line, commands)
    if mail[0] != _DONE:
        _break_off(line, [mail, *others], smtplib.SMTPSenderRefused(*mail, sender))
    if others[0][0] not in {_DONE, _FORWARDED}:
        _break_off(line, others, smtplib.SMTPRecipientsRefused({recipient: others[0]}))
    if others[1][0] != _GO_ON:
        _break_off(line, others, smtplib.SMTPDataError(*others[1]))


def give(line: smtplib.SMTP, letter: bytes) -> None:
    """Hand over the letter, whose lines end in CRLF, and wait for the server's yes."""
    line.send(letter.replace(b"\r\n.", b"\r\n..") + b".\r\n")
    answer = line.getreply()
    if answer[0] != _DONE:
        _break_off(line, [answer], smtplib.SMTPDataError(*answer))


def _together(line: smtplib.SMTP, commands: tuple[str, ...]) -> list[_Answer]:
    """Write all commands at once, then read an answer to each; none comes behind a farewell."""
    _refuse_more_lines(commands)
    line.send("".join(f"{command}\r\n" for command in commands))
    answers: list[_Answer] = []
    for _command in commands:
        answers.append(line.getreply())
        if answers[-1][0] == _CLOSING:
            break
    return answers


def _in_turn(line: smtplib.SMTP, commands: tuple[str, ...]) -> list[_Answer]:
    """Write each command once the one before was well received."""
    answers: list[_Answer] = []
    for command in commands:
        answers.append(line.docmd(command))
        if answers[-1][0] not in {_DONE, _FORWARDED}:
            break
    return answers


def _refuse_more_lines(commands: tuple[str, ...]) -> None:
    """Raise `ValueError` where an address would add a command, as `docmd` does."""
    if any("\r" in command or "\n" in command for command in commands):
        raise ValueError("an address has several lines")


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
