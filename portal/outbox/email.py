"""Send an e-mail through Django's mail framework: SMTP, a provider of django-anymail, or files."""

import smtplib
from collections.abc import Callable
from typing import Final

from django.core.mail import EmailMultiAlternatives

from portal.outbox import talk
from portal.outbox.connection import connected, hang_up, promise, promised, withdraw
from portal.outbox.envelope import compose
from portal.outbox.post import Post
from portal.outbox.refused import PermanentRefusal, Trouble

_CLOSING: Final = 421
_PERMANENT: Final = range(500, 600)
_WANTS_SIGN_IN: Final = frozenset({530, 534, 535, 538})  # our own settings are at fault: another try can still succeed


def send_email(post: Post, *, before: Callable[[], None], following: Callable[[], Post | None] = lambda: None) -> str:
    """Hand a letter to the mail server; returns the provider's id for it, or "".

    `before` is called just before the letter leaves; `following` is asked what comes next, whose envelope may then travel behind the letter.
    Raises `PermanentRefusal` for a 5xx answer to this message or its recipient, and the mail library's own errors for what may pass.
    """
    mail = None
    try:
        mail = _hand_over(post, before, following)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        _refuse_if_final(code, answer)
        if code == _CLOSING:
            hang_up()
        raise
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        _refuse_if_final(error.smtp_code, error.smtp_error)
        hang_up()
        raise
    except Exception as error:
        hang_up()
        from anymail.exceptions import AnymailError, AnymailRecipientsRefused  # brings a web client that plain SMTP never needs

        if isinstance(error, AnymailRecipientsRefused):
            raise PermanentRefusal("the provider refused the recipient") from None
        if isinstance(error, AnymailError):
            raise Trouble() from error
        raise
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")


def _hand_over(post: Post, before: Callable[[], None], following: Callable[[], Post | None]) -> EmailMultiAlternatives | None:
    """Send by SMTP what was written at once, anything else by Django; then return it, with what the provider said."""
    if promised() is not post:
        withdraw()
    provider = connected()
    line = getattr(provider, "connection", None)
    if isinstance(line, smtplib.SMTP) and post.data is not None:
        _talk(line, post, post.data, before, following)
        return None
    mail = compose(post.message, post.letter)
    before()
    provider.send_messages([mail])
    return mail


def _talk(line: smtplib.SMTP, post: Post, data: bytes, before: Callable[[], None], following: Callable[[], Post | None]) -> None:
    if promised() is post:
        promise(None)
        talk.hear(line, post.envelope)
    else:
        talk.offer(line, post.envelope)
    ahead = following() if talk.pipelines(line) else None
    envelope = ahead.envelope.written(line) if ahead and ahead.data is not None else b""
    before()
    promise(ahead if envelope else None)
    talk.give(line, data, envelope)


def _refuse_if_final(code: int, answer: bytes | str) -> None:
    if code in _PERMANENT and code not in _WANTS_SIGN_IN:
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        raise PermanentRefusal(f"{code} {' '.join(words.split())}") from None
