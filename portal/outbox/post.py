"""A message made ready to leave: the row, its words, and its bytes for a mail server."""

from dataclasses import dataclass
from functools import cached_property

from django.conf import settings

from portal.outbox.envelope import plain_address, written
from portal.outbox.models import Channel, Message
from portal.outbox.render import Letter, render
from portal.outbox.skeleton import Filled, filled_for
from portal.outbox.talk import Envelope
from portal.outbox.wire import quoted, wired


@dataclass(frozen=True)
class Post:
    """The message with what is kept of letters of its kind (None: it has to be rendered by itself)."""

    message: Message
    filled: Filled | None

    @cached_property
    def letter(self) -> Letter:
        """The message in words. Raises Django's template errors."""
        return self.filled.letter() if self.filled else render(self.message)

    @cached_property
    def data(self) -> bytes | None:
        """Its bytes as they go over the line, lines beginning with a full stop quoted; None for what is no e-mail or out of the ordinary."""
        if self.message.channel != Channel.EMAIL or not plain_address(self.message):
            return None
        if self.filled and (whole := wired(self.message, self.filled)):
            return whole
        whole = written(self.message, self.letter)
        return quoted(whole) if whole else None

    @cached_property
    def envelope(self) -> Envelope:
        """From whom to whom."""
        return Envelope(settings.DEFAULT_FROM_EMAIL, self.message.recipient, len(self.data or b""))


def made_ready(message: Message) -> Post:
    """Return a message ready to leave. Raises whatever is wrong with its letter."""
    post = Post(message, filled_for(message))
    _made = post.data or post.letter
    return post
