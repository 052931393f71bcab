"""Tell whoever delivers that a message waits. A lost call is harmless: the sweep finds the row."""

import logging
import time
from typing import Final

from django.conf import settings

from portal import limits
from portal.outbox import embedded

log = logging.getLogger(__name__)
_DEAF_SECONDS: Final = 10 * limits.P24_PUBLISH_SECONDS
_silent_until: float = 0.0


def wake(pk: str, queue: str) -> None:
    """Hand the id to a worker of the queue, or to the thread in this process; in tests nothing runs by itself."""
    if settings.TESTING:
        return
    if not settings.BROKER_URL:
        embedded.wake()
        return
    call(pk, queue)


def call(pk: str, queue: str) -> bool:
    """Announce an id to the workers of a queue; False when the broker did not take it.

    A broker that fails is left alone for five seconds: one that accepts connections and says nothing must not cost every request its
    half second (F10).
    """
    global _silent_until  # noqa: PLW0603  what this process knows of its broker
    if time.monotonic() < _silent_until:
        return False
    from portal.outbox.tasks import deliver_message

    try:
        # Dropped when nobody took it before the sweep after next: what is still due then has been announced again.
        deliver_message.apply_async((pk,), queue=queue, retry=False, expires=2 * limits.P23_SWEEP_SECONDS)
    except Exception:  # noqa: BLE001  a broker that is down must not fail the request: the row is safe and will be swept
        _silent_until = time.monotonic() + _DEAF_SECONDS
        log.warning("no broker to wake for message %s; the sweep will deliver it", pk)
        return False
    return True
