"""Read EMAIL_URL: SMTP in its three kinds, files, or a provider of django-anymail."""

from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_PROVIDERS: Final = {
    "ses": ("amazon_ses", ""),
    "postmark": ("postmark", "POSTMARK_SERVER_TOKEN"),
    "sendgrid": ("sendgrid", "SENDGRID_API_KEY"),
    "mailgun": ("mailgun", "MAILGUN_API_KEY"),
    "brevo": ("brevo", "BREVO_API_KEY"),
    "resend": ("resend", "RESEND_API_KEY"),
    "sparkpost": ("sparkpost", "SPARKPOST_API_KEY"),
    "mailjet": ("mailjet", "MAILJET_API_KEY"),
}


@dataclass(frozen=True)
class Mail:
    """Django's e-mail settings."""

    backend: str
    host: str = "localhost"
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    ssl: bool = False
    folder: str = ""
    anymail: dict[str, str] = field(default_factory=dict)


def read(url: str, *, testing: bool) -> Mail:
    """Return the settings for an EMAIL_URL; without one, messages stay in the process (tests) or in the demo mailbox.

    Raises `ImproperlyConfigured` for a scheme it does not know.
    """
    if not url:
        return Mail(f"django.core.mail.backends.{'locmem' if testing else 'dummy'}.EmailBackend")
    parts = urlsplit(url)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if parts.scheme in {"smtp", "smtps", "smtp+tls"}:
        ssl, starttls = parts.scheme == "smtps", parts.scheme == "smtp+tls"
        port = parts.port or (465 if ssl else 587 if starttls else 25)
        return Mail(_SMTP, parts.hostname or "localhost", port, user, password, starttls, ssl)
    if parts.scheme == "file":
        return Mail("django.core.mail.backends.filebased.EmailBackend", folder=unquote(parts.path))
    if parts.scheme in _PROVIDERS:
        name, key = _PROVIDERS[parts.scheme]
        options = {key: unquote(parts.netloc.partition("@")[0])} if key else {}
        if parts.scheme == "mailgun" and "@" in parts.netloc:
            options["MAILGUN_SENDER_DOMAIN"] = parts.netloc.partition("@")[2]
        return Mail(f"anymail.backends.{name}.EmailBackend", anymail=options)
    raise ImproperlyConfigured(f"EMAIL_URL: no way to send by {parts.scheme}://")
