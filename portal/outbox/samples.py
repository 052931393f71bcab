"""A sample of every kind of message, beside its templates: `email/<kind>/samples.json`, `sms/<kind>.json`.

For the gallery of a demonstration, for pictures (`make letters`) and for the tests that every kind is complete. A sample is an object with
`context`, `secret` (if the kind has one) and `both` (true for what is sent before somebody has chosen a language).
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.conf import settings

from portal.outbox.models import Channel, Message
from portal.outbox.render import Letter, render

_RECIPIENTS: Final = {Channel.EMAIL: "lowri@enghraifft.example", Channel.SMS: "+447700900123"}
_ONE: Final = ("en", "cy")
_BOTH: Final = ("both-en", "both-cy")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One kind with made-up people. `number` tells the variants of a kind apart, from 1."""

    kind: str
    channel: Channel
    number: int
    languages: tuple[str, ...]
    secret: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def letter(self, language: str) -> Letter:
        """Render it in one of its `languages`, as it would leave."""
        message = Message(kind=self.kind, channel=self.channel, recipient=_RECIPIENTS[self.channel], language=language)
        message.context, message.secret = self.context, self.secret
        return render(message)


def kinds(channel: Channel) -> list[str]:
    """Return every kind that has templates, in order of the alphabet."""
    folder = _folder(channel)
    if channel == Channel.SMS:
        return sorted(path.stem for path in folder.glob("*.txt"))
    return sorted(path.parent.name for path in folder.glob("*/subject.txt"))


def samples() -> Iterator[Sample]:
    """Yield every sample: e-mails first, then texts. Raises `FileNotFoundError` for a kind without one."""
    for channel in Channel:
        for kind in kinds(channel):
            path = _folder(channel) / (f"{kind}.json" if channel == Channel.SMS else f"{kind}/samples.json")
            for number, given in enumerate(json.loads(path.read_text(encoding="utf-8")), 1):
                yield Sample(
                    kind=kind,
                    channel=channel,
                    number=number,
                    languages=_BOTH if given.get("both") else _ONE,
                    secret=given.get("secret", ""),
                    context=given["context"],
                )


def _folder(channel: Channel) -> Path:
    return Path(settings.BASE_DIR) / "templates" / channel.value
