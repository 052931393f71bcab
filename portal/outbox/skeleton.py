"""Letters of one kind differ in little: what is the same in all of them is rendered once and kept, and each recipient's own is filled in.

Rendering a letter in two languages costs more than sending it. The templates are filled with marks in place of the name, the secret and the
address; the result is kept for as long as everything else is the same (kind, language, centre, the minute of each instant). The marks are
letters and digits, so that templates treat them like any name; no template may ask more of these three than to stand there
(tests/portal/test_outbox_skeleton.py compares both ways for every kind).
"""

import json
import re
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.utils.html import escape

from portal.outbox.models import Channel, Message
from portal.outbox.render import Letter, as_shown, render

_KEPT: Final = 200
_as_text: Final = json.JSONEncoder(sort_keys=True).encode
MARK: Final = re.compile(r"xxq(name|secret|recipient)q7x")


@dataclass(frozen=True, eq=False)
class Skeleton:
    """A letter with marks."""

    letter: Letter


_known: Final[OrderedDict[str, Skeleton]] = OrderedDict()


@dataclass(frozen=True)
class Filled:
    """A kept letter and what one recipient has of their own."""

    skeleton: Skeleton
    plain: dict[str, str]

    def letter(self) -> Letter:
        """Put it together."""
        kept, html = self.skeleton.letter, {what: escape(text) for what, text in self.plain.items()}
        return Letter(self.subject(), _fill(kept.text, self.plain), _fill(kept.html, html), kept.languages)

    def subject(self) -> str:
        """Put its subject together, in one line."""
        return _fill(self.skeleton.letter.subject, {what: " ".join(text.split()) for what, text in self.plain.items()})


def letter_for(message: Message) -> Letter:
    """Return what `render` would. Raises Django's template errors."""
    filled = filled_for(message)
    return filled.letter() if filled else render(message)


def filled_for(message: Message) -> Filled | None:
    """Return the kept letter for a message and what is its own; None for a text message, or where a name looks like a mark."""
    own = {"name": message.context.get("name"), "secret": message.secret, "recipient": message.recipient}
    marked = {what: text for what, text in own.items() if isinstance(text, str) and text}
    if message.channel != Channel.EMAIL or any(MARK.search(text) for text in marked.values()):
        return None
    rest = {what: _to_the_minute(what, text) for what, text in message.context.items() if what not in marked}
    key = _as_text([message.kind, message.language, sorted(marked), own["name"] if "name" not in marked else "", rest,
                    settings.PORTAL_BASE_URL, settings.HELP_EMAIL, settings.SUPPORT_EMAIL, id(settings.TEMPLATES)])  # fmt: skip
    skeleton = _known.pop(key, None)
    if skeleton is None:
        skeleton = Skeleton(render(_marked(message, marked, rest)))
        while len(_known) >= _KEPT:
            _known.popitem(last=False)
    _known[key] = skeleton
    return Filled(skeleton, {what: text if what == "secret" else str(as_shown(what, text)) for what, text in marked.items()})


def _marked(message: Message, marked: dict[str, str], rest: dict[str, Any]) -> Message:
    """Return a message with marks where each recipient has something of their own."""
    marks = {what: f"xxq{what}q7x" for what in marked}
    return Message(
        kind=message.kind,
        channel=message.channel,
        language=message.language,
        recipient=marks.get("recipient", ""),
        secret=marks.get("secret", ""),
        context=rest | ({"name": marks["name"]} if "name" in marks else {}),
    )


def _fill(skeleton: str, own: Mapping[str, str]) -> str:
    """Put each recipient's own in the place of the marks, in one pass: what a name holds is never taken for a mark."""
    return MARK.sub(lambda mark: own[mark[1]], skeleton)


def _to_the_minute(what: str, text: Any) -> Any:
    """Cut an instant (ISO text) to its minute: no letter tells seconds, and invites of one batch share their end."""
    return re.sub(r"(T\d\d:\d\d):\d\d(\.\d+)?", r"\1:00", text) if what.endswith("_at") and isinstance(text, str) else text
