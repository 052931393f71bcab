"""Deliver what waits. Called by the workers, by the embedded thread, and by tests."""

import logging
import time
from collections.abc import Callable
from typing import Final

from django.conf import settings

from portal import clock, limits
from portal.outbox.claim import claim, put_back, settle
from portal.outbox.email import send_email
from portal.outbox.models import Channel, Message, State
from portal.outbox.refused import PermanentRefusal
from portal.outbox.render import Letter, render
from portal.outbox.sms import send_sms

log = logging.getLogger(__name__)
# A sweep starts no message that the worker's time limit could cut off in the middle (P24).
_SWEEP_SECONDS: Final = limits.P24_TASK_SOFT_SECONDS - limits.P24_PROVIDER_SECONDS


def sweep(*, stop: Callable[[], bool] = lambda: False) -> int:
    """Deliver what is due until nothing is left, `stop` says so or 20 s are over; returns how many were handled."""
    end = time.monotonic() + _SWEEP_SECONDS
    handled = 0
    while not stop() and time.monotonic() < end:
        message = claim()
        if message is None:
            break
        _send(message)
        handled += 1
    return handled


def deliver(pk: str) -> None:
    """Deliver one message if it still waits."""
    message = claim(pk)
    if message is not None:
        _send(message)


def _send(message: Message) -> None:
    """Send a claimed message and record what became of it.

    A crash between the provider's yes and our record may send it twice, never lose it; a message whose sending ends the process each
    time is given up like any other.
    """
    if message.expires_at is not None and clock.now() >= message.expires_at:
        settle(message, State.EXPIRED)
        return
    if message.attempt > limits.P23_TRIES:
        settle(message, State.DEAD, reason=f"no try of {limits.P23_TRIES} came to an end")
        return
    try:
        letter = render(message)
        sender = send_email if message.channel == Channel.EMAIL else send_sms
        provider_id = sender(message, letter)
    except PermanentRefusal as refusal:
        settle(message, State.FAILED, reason=str(refusal))
    except Exception as error:  # noqa: BLE001  whatever went wrong, the row goes back and is tried again
        log.warning("message %s was not sent: %s", message.pk, type(error).__name__)
        put_back(message, reason=type(error).__name__)
    else:
        if settle(message, State.ACCEPTED, provider_id=provider_id) and settings.DEMO:
            _keep_copy(message, letter)


def _keep_copy(message: Message, letter: Letter) -> None:
    from portal.outbox.models import DemoCopy

    DemoCopy.objects.create(
        channel=message.channel,
        recipient=message.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
