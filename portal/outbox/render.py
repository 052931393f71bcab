"""Turn a row into words: in one language, or in both with one half after the other (MAIL-1)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation

from portal.outbox.models import Channel, Message
from portal.web.links import absolute

ORDER: Final = {"en": ("en",), "cy": ("cy",), "both-en": ("en", "cy"), "both-cy": ("cy", "en")}
_RULE: Final = "\n\n" + "-" * 72 + "\n\n"
_BELOW: Final = {"en": "English below", "cy": "Cymraeg isod"}
_PLAIN: Final = str.maketrans("’‘“”–—ŵŷŴŶâêîôûïÂÊÎÔÛáéíóúàèìòù…", "''\"\"--wyWYaeiouiAEIOUaeiouaeiou.")


@dataclass(frozen=True)
class Letter:
    """A message in words. `languages` is for the Content-Language header."""

    subject: str
    text: str
    html: str
    languages: str


def render(message: Message) -> Letter:
    """Render a message. Raises Django's template errors, which leave the row waiting."""
    languages = ORDER[message.language]
    if message.channel == Channel.SMS:
        texts = [_part(message, f"sms/{message.kind}.txt", language) for language in languages]
        return Letter("", " ".join(" ".join(texts).translate(_PLAIN).split()), "", ", ".join(languages))
    subjects = [" ".join(_part(message, f"email/{message.kind}/subject.txt", one).split()) for one in languages]
    texts = [_part(message, f"email/{message.kind}/body.txt", one).strip() for one in languages]
    halves = [(one, _part(message, f"email/{message.kind}/body.html", one)) for one in languages]
    below = _BELOW[languages[1]] if len(languages) > 1 else ""
    text = (f"{below}\n\n" if below else "") + _RULE.join(texts) + "\n"
    with translation.override(languages[0]):
        html = render_to_string(
            "email/frame.html", {"halves": halves, "below": below, "other": languages[-1], "subject": subjects[0]}
        )
    return Letter(" / ".join(subjects), text, html, ", ".join(languages))


def _part(message: Message, template: str, language: str) -> str:
    with translation.override(language):
        return render_to_string(template, _context(message, language))


def _context(message: Message, language: str) -> dict[str, Any]:
    return {
        **{name: _value(name, value) for name, value in message.context.items()},
        "secret": message.secret,
        "language": language,
        "both": len(ORDER[message.language]) > 1,
        "recipient": message.recipient,
        "sign_in_link": absolute("/sign-in/") + ("?lang=cy" if language == "cy" else ""),
        "help_link": absolute("/help/"),
        "help_email": settings.HELP_EMAIL,
        "support_email": settings.SUPPORT_EMAIL,
    }


def _value(name: str, value: Any) -> Any:
    """Dates travel as ISO text; a bare domain in somebody's name must not become a link in a mail program (A105)."""
    if isinstance(value, str) and value and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and value and name.endswith("_on"):
        return date.fromisoformat(value)
    if isinstance(value, str) and not name.endswith("_link"):
        return value.replace("://", " ").replace(".", ".\u2060") if _looks_like_link(value) else value
    return value


def _looks_like_link(text: str) -> bool:
    return "://" in text or any("." in word.strip(".") for word in text.split())
