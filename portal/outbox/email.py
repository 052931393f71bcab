"""Send an e-mail through Django's mail framework: SMTP, a provider of django-anymail, or files."""

import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.outbox.connection import connected, hang_up
from portal.outbox.models import Message
from portal.outbox.refused import PermanentRefusal, Trouble
from portal.outbox.render import Letter
from portal.outbox.webhooks.anymail_events import ROW

_PERMANENT: Final = range(500, 600)
_WANTS_SIGN_IN: Final = frozenset({530, 534, 535, 538})  # our own settings are at fault: another try can still succeed


def send_email(message: Message, letter: Letter) -> str:
    """Hand a letter to the mail server; returns the provider's id for it, or "".

    Raises `PermanentRefusal` for a 5xx answer to this message or its recipient, and the mail library's own errors for what may pass.
    """
    mail = _compose(message, letter)
    try:
        connected().send_messages([mail])
    except smtplib.SMTPRecipientsRefused as error:
        _refuse_if_final(*next(iter(error.recipients.values())))
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


def _compose(message: Message, letter: Letter) -> EmailMultiAlternatives:
    """Put a letter into an envelope whose key is the row's id, so that a second sending after a crash is recognised as the same message."""
    key = f"{message.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}"
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=f"Portal / Porth <{settings.DEFAULT_FROM_EMAIL}>",
        to=[message.recipient],
        reply_to=[settings.HELP_EMAIL],
        headers={
            "Message-ID": f"<{key}>",
            # Providers that know it (Resend) drop a second sending by themselves.
            "Idempotency-Key": str(message.pk),
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.languages,
        },
    )
    mail.metadata = {ROW: str(message.pk)}  # type: ignore[attr-defined]  # a provider gives it back with each event
    mail.attach_alternative(letter.html, "text/html")
    return mail


def _refuse_if_final(code: int, answer: bytes | str) -> None:
    if code in _PERMANENT and code not in _WANTS_SIGN_IN:
        words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
        raise PermanentRefusal(f"{code} {' '.join(words.split())}") from None
