"""Read EMAIL_URL: SMTP in its three kinds, files, or a provider of django-anymail."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from portal import limits

_SMTP: Final = "django.core.mail.backends.smtp.EmailBackend"
_SMTP_PORTS: Final = {"smtp": 25, "smtps": 465, "smtp+tls": 587}
_PROVIDERS: Final = {
    "brevo": ("BREVO_API_KEY",),
    "mailgun": ("MAILGUN_API_KEY", "MAILGUN_SENDER_DOMAIN"),
    "mailjet": ("MAILJET_API_KEY", "MAILJET_SECRET_KEY"),
    "postmark": ("POSTMARK_SERVER_TOKEN",),
    "resend": ("RESEND_API_KEY",),
    "sendgrid": ("SENDGRID_API_KEY",),
    "sparkpost": ("SPARKPOST_API_KEY",),
}
_CAN_TRACK: Final = frozenset({"mailgun", "mailjet", "postmark", "sendgrid", "sparkpost"})
"""Providers that count openings and rewrite links unless each message says no. Amazon, Brevo and Resend do so only by their own settings."""
_OWN: Final = {"resend": "portal.outbox.resend.EmailBackend"}
_UNTRACKED: Final = {"track_opens": False, "track_clicks": False}


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
    anymail: dict[str, Any] = field(default_factory=dict)


def read(url: str, *, testing: bool) -> Mail:
    """Return the settings for an EMAIL_URL; without one, messages stay in the process (tests) or in the demo mailbox.

    Raises `ImproperlyConfigured` for a scheme it does not know or a part that is missing.
    """
    if not url:
        return Mail(f"django.core.mail.backends.{'locmem' if testing else 'dummy'}.EmailBackend")
    parts = urlsplit(url)
    if parts.scheme in _SMTP_PORTS:
        return _smtp(parts)
    if parts.scheme == "file" and parts.path:
        return Mail("django.core.mail.backends.filebased.EmailBackend", folder=unquote(parts.path))
    if parts.scheme == "ses":
        return Mail("anymail.backends.amazon_ses.EmailBackend", anymail=_ses(parts))
    if parts.scheme in _PROVIDERS:
        return Mail(_OWN.get(parts.scheme, f"anymail.backends.{parts.scheme}.EmailBackend"), anymail=_provider(parts))
    raise ImproperlyConfigured(f"no way to send by {parts.scheme}://")


def _smtp(parts: SplitResult) -> Mail:
    if not parts.hostname:
        raise ImproperlyConfigured("the mail server's name is missing")
    return Mail(
        _SMTP,
        parts.hostname,
        parts.port or _SMTP_PORTS[parts.scheme],
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        starttls=parts.scheme == "smtp+tls",
        ssl=parts.scheme == "smtps",
    )


def _ses(parts: SplitResult) -> dict[str, Any]:
    """Amazon: `ses://` (key and region from the machine's role or environment), `ses://eu-west-2`, `ses://key:secret@eu-west-2`."""
    named = {
        "region_name": parts.hostname,
        "aws_access_key_id": unquote(parts.username or ""),
        "aws_secret_access_key": unquote(parts.password or ""),
    }
    patience = {"connect_timeout": limits.P24_PROVIDER_SECONDS, "read_timeout": limits.P24_PROVIDER_SECONDS}
    return {"AMAZON_SES_CLIENT_PARAMS": {**{name: value for name, value in named.items() if value}, "config": patience}}


def _provider(parts: SplitResult) -> dict[str, Any]:
    """Read `postmark://token`, `mailgun://key@domain`, `mailjet://key:secret`; a query sets its other options (`?api_url=...`)."""
    keys = _PROVIDERS[parts.scheme]
    given = [unquote(part) for part in parts.netloc.replace("@", ":").split(":") if part]
    if len(given) != len(keys):
        raise ImproperlyConfigured(f"{parts.scheme}:// wants {' and '.join(keys)}")
    options = {f"{parts.scheme}_{name}".upper(): value for name, value in parse_qsl(parts.query)}
    untracked = {f"{parts.scheme}_SEND_DEFAULTS".upper(): _UNTRACKED} if parts.scheme in _CAN_TRACK else {}
    return {**untracked, **options, **dict(zip(keys, given, strict=True))}
