"""Turn a row into words: in one language, or in both with one half after the other (MAIL-1)."""

import re
import textwrap
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.conf import settings
from django.template import Context, Template, TemplateDoesNotExist
from django.template.loader import get_template
from django.utils import translation

from portal.outbox.models import Channel, Message
from portal.web.links import absolute

ORDER: Final = {"en": ("en",), "cy": ("cy",), "both-en": ("en", "cy"), "both-cy": ("cy", "en")}
_COLUMNS: Final = 76
_RULE: Final = "\n\n" + "-" * 72 + "\n\n"
_BELOW: Final = {"en": "English below", "cy": "Cymraeg isod"}
_PLAIN: Final = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\N{WORD JOINER}": ""})
# Every full stop that a mail program may take for one, with something right behind it.
_DOT: Final = re.compile(r"([.\u2024\u3002\uff0e\uff61])(?=\S)")
_GAP: Final = re.compile(r"\n{3,}")
_ITEM: Final = re.compile(r"(- |\d\. )")


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
        texts = [_plain_letters(_part(message, f"sms/{message.kind}.txt", one)) for one in languages]
        return Letter("", " / ".join(texts), "", ", ".join(languages))
    subjects = [" ".join(_part(message, f"email/{message.kind}/subject.txt", one).split()) for one in languages]
    texts = [_wrapped(_part(message, f"email/{message.kind}/body.txt", one).strip()) for one in languages]
    halves = [(one, _part(message, f"email/{message.kind}/body.html", one)) for one in languages]
    below = _BELOW[languages[1]] if len(languages) > 1 else ""
    text = (f"{below}\n\n" if below else "") + _RULE.join(texts) + "\n"
    frame = {"halves": halves, "below": below, "other": languages[-1], "subject": subjects[0]}
    html = _fill("email/frame.html", languages[0], frame)
    return Letter(" / ".join(subjects), text, html, ", ".join(languages))


def subject_of(message: Message, language: str) -> str:
    """Return what a message is about, for staff: an e-mail's subject in a language, which holds no secret (MAIL-1); of a text message that it is one."""
    if message.channel == Channel.SMS:
        return str(Channel.SMS.label)
    words = {name: as_shown(name, value) for name, value in message.context.items()}
    try:
        return " ".join(_fill(f"email/{message.kind}/subject.txt", language, words).split())
    except TemplateDoesNotExist:  # of a kind that another release wrote
        return message.kind


def _part(message: Message, template: str, language: str) -> str:
    return _fill(template, language, _context(message, language))


def _fill(name: str, language: str, context: dict[str, Any]) -> str:
    """Fill a template in a language; what stands in it is escaped in HTML and left alone in plain text."""
    template: Template = get_template(name).template  # type: ignore[attr-defined]
    with translation.override(language):
        return template.render(Context(context, autoescape=name.endswith(".html")))


def _context(message: Message, language: str) -> dict[str, Any]:
    path = message.context.get("path")
    return {
        **{name: as_shown(name, value) for name, value in message.context.items()},
        **({"link": absolute(path)} if path else {}),
        "secret": message.secret,
        "language": language,
        "both": len(ORDER[message.language]) > 1,
        "recipient": message.recipient,
        "base_url": absolute("/"),
        "sign_in_link": absolute("/sign-in/") + ("?lang=cy" if language == "cy" else ""),
        "help_link": absolute("/help/"),
        "help_email": settings.HELP_EMAIL,
        "support_email": settings.SUPPORT_EMAIL,
    }


def as_shown(name: str, value: Any) -> Any:
    """Dates travel as ISO text; an address in somebody's name must not become a link in a mail program (A105).

    A word joiner on both sides of each full stop is invisible, and no mail program takes what it parts for a domain.
    """
    if isinstance(value, str) and value and name.endswith("_at"):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and value and name.endswith("_on"):
        return date.fromisoformat(value)
    if isinstance(value, str) and not name.endswith("_link") and name != "path":
        return _DOT.sub("\N{WORD JOINER}\\1\N{WORD JOINER}", value.replace("://", " "))
    return value


def _wrapped(text: str) -> str:
    """Break long lines at spaces (ui.md 4.3); an address or a secret is never cut, and an item of a list hangs under its text."""
    return _GAP.sub("\n\n", "\n".join(_line(line) for line in text.splitlines()))


def _line(line: str) -> str:
    item = _ITEM.match(line)
    hanging = " " * len(item[0]) if item else ""
    return "\n".join(
        textwrap.wrap(line, _COLUMNS, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False, drop_whitespace=True)
    )


def _plain_letters(text: str) -> str:
    """Return a text in letters that every phone shows and that cost no second message: no accents, no curly quotes."""
    parted = unicodedata.normalize("NFKD", " ".join(text.translate(_PLAIN).split()))
    return parted.encode("ascii", "ignore").decode("ascii")
