"""Send an e-mail through Django's mail framework: SMTP, a provider of django-anymail, or files."""

import smtplib
from typing import Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from portal.outbox.models import Message
from portal.outbox.refused import PermanentRefusal
from portal.outbox.render import Letter

_PERMANENT: Final = range(500, 600)


def send_email(message: Message, letter: Letter) -> str:
    """Hand a letter to the mail server; returns the provider's id for it, or "". Raises `PermanentRefusal` for a 5xx answer about the recipient."""
    mail = EmailMultiAlternatives(
        subject=letter.subject,
        body=letter.text,
        from_email=f"Portal / Porth <{settings.DEFAULT_FROM_EMAIL}>",
        to=[message.recipient],
        reply_to=[settings.HELP_EMAIL],
        headers={
            # The row's id, so that a second sending after a crash is recognised as the same message.
            "Message-ID": f"<{message.pk}@{settings.DEFAULT_FROM_EMAIL.rpartition('@')[2]}>",
            "Auto-Submitted": "auto-generated",
            "Content-Language": letter.languages,
        },
    )
    mail.attach_alternative(letter.html, "text/html")
    try:
        mail.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        if code in _PERMANENT:
            raise PermanentRefusal(_words(text)) from None
        raise
    except smtplib.SMTPResponseException as error:
        if error.smtp_code in _PERMANENT and not isinstance(error, smtplib.SMTPAuthenticationError):
            raise PermanentRefusal(_words(error.smtp_error)) from None
        raise
    status = getattr(mail, "anymail_status", None)
    return str(getattr(status, "message_id", "") or "")


def _words(answer: bytes | str) -> str:
    return answer.decode("ascii", "replace") if isinstance(answer, bytes) else answer
