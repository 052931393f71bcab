"""What the floors above may listen to. The outbox knows none of them: they connect in their own `ready()`."""

from typing import Final

from django.dispatch import Signal

undelivered: Final = Signal()
"""A message has come to BOUNCED, FAILED or DEAD. Sent once for each message, in the transaction of that change; `message` is its row."""
