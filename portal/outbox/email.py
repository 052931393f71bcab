"""Send an e-mail through Django's mail framework: SMTP, a provider of django-anymail, or files."""

import smtplib
from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.outbox import talk
from portal.outbox.connection import connected, hang_up
from portal.outbox.envelope import compose, written
from portal.outbox.models import Message
from portal.outbox.refused import PermanentRefusal, Trouble
from portal.outbox.render import Letter

_CLOSING: Final = 421
_PERMANENT: Final = range(500, 600)
_WANTS_SIGN_IN: Final = frozenset({530, 534, 535, 538})  # our own settings are at fault: another try can still succeed


def send_email(message: Message, letter: Letter, *, before: Callable[[], None]) -> str:
    """Hand a letter to the mail server; returns the provider's id for it, or "". `before` is called just before the letter leaves.

    Raises `PermanentRefusal` for a 5xx answer to this message or its recipient, and the mail library's own errors for what may pass.
    """
    mail = None
    try:
        mail = _hand_over(message, letter, before)
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


def _hand_over(message: Message, letter: Letter, before: Callable[[], None]) -> EmailMultiAlternatives | None:
    """Send by SMTP what was written at once, anything else by Django; then return it, with what the provider said."""
    provider = connected()
    line = getattr(provider, "connection", None)
    data = written(message, letter) if isinstance(line, smtplib.SMTP) else None
    if isinstance(line, smtplib.SMTP) and data is not None:
        talk.offer(line, sender=settings.DEFAULT_FROM_EMAIL, recipient=message.recipient, size=len(data))
        before()
        talk.give(line, data)
        return None
    mail = compose(message, letter)
    before()
    provider.send_messages([mail])
    return mail


def _refuse_if_final(code: int, answer: bytes | str) -> None:
    if code in _PERMANENT and code not in _WANTS_SIGN_IN:
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        raise PermanentRefusal(f"{code} {' '.join(words.split())}") from None
