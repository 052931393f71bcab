"""Each worker watches itself: a canary through its own queue every quarter minute, and an end to a worker that no longer consumes (F09).

Whoever runs the worker (Docker's restart policy, systemd) starts it anew. A broker or database that is down is waited for: then it is not
the worker that hangs.
"""

import logging
import os
import signal
import threading
import time
from typing import Any, Final

from celery.signals import celeryd_after_setup, worker_ready, worker_shutting_down
from django.db import connection
from kombu import Exchange, Queue

from portal import limits

log = logging.getLogger(__name__)
_closing: Final = threading.Event()


def own_queue(worker: str) -> Queue:
    """Return the queue that only the worker of this node name consumes; a broker that can forgets it when nobody does any more."""
    return Queue(f"canary.{worker}", Exchange("canaries"), routing_key=worker, expires=10 * limits.CANARY_LATE_SECONDS)


@celeryd_after_setup.connect(weak=False)
def listen(sender: str, instance: Any, **_kwargs: Any) -> None:
    """Let the worker consume its own queue too, whatever -Q says."""
    instance.app.amqp.queues.select_add(own_queue(sender))


@worker_ready.connect(weak=False)
def begin(sender: Any, **_kwargs: Any) -> None:
    """Watch from a thread of the worker's first process."""
    threading.Thread(target=_watch, args=(str(sender.hostname),), name="canary", daemon=True).start()


@worker_shutting_down.connect(weak=False)
def end(**_kwargs: Any) -> None:
    """Stop watching a worker that ends anyway."""
    _closing.set()


def _watch(worker: str) -> None:
    """Send canaries until the worker ends, or end it."""
    from portal.outbox.tasks import show_sign

    answering_since = time.monotonic()
    while True:
        try:
            show_sign.apply_async((worker,), queue=own_queue(worker), retry=False, expires=limits.CANARY_LATE_SECONDS)
            seen = _seconds_ago(worker)
        except Exception:  # noqa: BLE001  the broker or the database is down: neither is this worker's fault
            answering_since, seen = time.monotonic(), 0.0
        finally:
            connection.close()
        if min(seen, time.monotonic() - answering_since) > limits.CANARY_RESTART_SECONDS:
            _leave(worker)
        if _closing.wait(limits.CANARY_SECONDS):
            return


def _seconds_ago(worker: str) -> float:
    """Return how long ago a canary came through; the first is shown from here, so that a worker has time to begin."""
    from portal.outbox import canary

    age = canary.age(worker)
    if age is None:
        canary.show(worker)
    return abs(age.total_seconds()) if age else 0.0


def _leave(worker: str) -> None:
    log.error("worker %s consumes nothing; it ends, to be started anew", worker)
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(limits.P24_TASK_HARD_SECONDS)
    os._exit(1)
