"""Tell whoever delivers that a message waits. A lost call is harmless: the sweep finds the row."""

import logging

from django.conf import settings

from portal.outbox import embedded

log = logging.getLogger(__name__)


def wake(pk: str) -> None:
    """Hand the id to a worker, or to the thread in this process; in tests nothing runs by itself."""
    if settings.TESTING:
        return
    if not settings.REDIS_URL:
        embedded.wake()
        return
    from portal.outbox.tasks import deliver_message

    try:
        deliver_message.apply_async((pk,), retry=False)
    except Exception:  # noqa: BLE001  a broker that is down must not fail the request: the row is safe and will be swept
        log.warning("no broker to wake for message %s; the sweep will deliver it", pk)
