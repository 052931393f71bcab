"""Deliver what waits. Called by the workers, by the embedded thread, and by tests."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

from django.conf import settings
from django.db import Error as DatabaseFault

from portal import clock, crypto, limits
from portal.outbox import breaker
from portal.outbox.acceptance import Acceptances, accept
from portal.outbox.claim import claim_batch, give_back, put_back, settle
from portal.outbox.connection import withdraw
from portal.outbox.email import send_email
from portal.outbox.models import SECRET_PURPOSE, Channel, Message, State
from portal.outbox.post import Post, made_ready
from portal.outbox.refused import PermanentRefusal, Trouble
from portal.outbox.render import Letter
from portal.outbox.sms import send_sms

log = logging.getLogger(__name__)
# A sweep starts no message that the worker's time limit could cut off in the middle (P24).
_SWEEP_SECONDS: Final = limits.P24_TASK_SOFT_SECONDS - limits.P24_PROVIDER_SECONDS


def _never() -> bool:
    return False


def sweep(*, stop: Callable[[], bool] = _never) -> int:
    """Deliver what is due until nothing is left, `stop` says so or 20 s are over; returns how many were handled."""
    end = time.monotonic() + _SWEEP_SECONDS
    handled = 0
    while not stop() and time.monotonic() < end:
        batch = claim_batch(without=breaker.resting())
        if not batch:
            break
        handled += len(batch) - len(_send_batch(batch, stop=stop))
    return handled


def deliver(pk: str) -> Message | None:
    """Deliver the message if it still waits, and in any case some that are due in its queue.

    Returns the first that was left undone for lack of time: somebody should be called for it.
    """
    batch = claim_batch(pk, without=breaker.resting())
    if not batch and (queue := Message.objects.filter(pk=pk).values_list("queue", flat=True).first()):
        # Somebody else's batch had it in it: the call stands for fifty others all the same.
        batch = claim_batch(queue=queue, without=breaker.resting())
    rest = _send_batch(batch, stop=_never)
    if not rest and len(batch) == 1 and batch[0].falls:
        _send_fallen(batch[0].queue)
    return rest[0] if rest else None


def _send_fallen(queue: str) -> None:
    """Send more of what fell, for five seconds and each alone in hand: with one call for each, a day of crashes would take hours."""
    end = time.monotonic() + limits.P23_BATCH_SECONDS
    while time.monotonic() < end and (alone := claim_batch(queue=queue, fallen=True, without=breaker.resting())):
        _send_batch(alone, stop=_never)


def _send_batch(batch: list[Message], *, stop: Callable[[], bool]) -> list[Message]:
    """Send claimed messages one by one, each with its own record, and give back those that there is no time for.

    Each is recorded before the next leaves: a process that ends between a provider's yes and our record sends one message twice, not
    fifty. The time is short, so that a slow provider neither outlasts the lease nor holds up a code.
    """
    end = time.monotonic() + limits.P23_BATCH_SECONDS

    def over() -> bool:
        return stop() or time.monotonic() >= end

    accepted, posts = Acceptances(), _Posts()
    try:
        for index, message in enumerate(batch):
            if index > 0 and (over() or message.channel in breaker.resting()):
                accepted.finish()
                give_back(batch[index:])
                return batch[index:]
            _send(message, accepted, posts, partial(posts.ahead, batch[index + 1 : index + 2], over))
    finally:
        withdraw()
        accepted.finish()
    return []


class _Posts:
    """Messages of a batch made ready to leave: the one in hand, and perhaps the one behind it."""

    def __init__(self) -> None:
        self._ready: dict[Any, Post] = {}

    def of(self, message: Message) -> Post:
        """Open the secret and write the letter. Raises whatever is wrong with them."""
        if message.pk not in self._ready:
            if message.sealed:
                message.secret = crypto.decrypt(message.sealed, purpose=SECRET_PURPOSE)
            self._ready = {message.pk: made_ready(message)}
        return self._ready[message.pk]

    def ahead(self, following: list[Message], over: Callable[[], bool]) -> Post | None:
        """Return the post that leaves next by e-mail, if any; None when something speaks against it, which is found out in its own turn."""
        if not following or over() or following[0].channel != Channel.EMAIL or _end_of(following[0]):
            return None
        try:
            return self.of(following[0])
        except Exception:  # noqa: BLE001  told in its own turn
            return None


def _end_of(message: Message) -> tuple[State, str] | None:
    """Return how a message ends that is not to be sent any more, and why."""
    if message.expires_at is not None and clock.now() >= message.expires_at:
        return State.EXPIRED, ""
    if message.falls >= limits.F26_FALLS:
        return State.DEAD, f"parked: {limits.F26_FALLS} tries did not come to an end"
    return None


def _send(message: Message, accepted: Acceptances, posts: _Posts, following: Callable[[], Post | None]) -> None:
    """Send a claimed message and record what became of it.

    A crash between the provider's yes and our record may send it twice, never lose it. An error of our own parks it after five tries, as
    does a process that ended five times with it in hand (F26). Raises Django's database errors, which are no fault of the message.
    """
    if end := _end_of(message):
        accepted.finish()
        settle(message, end[0], reason=end[1])
        return
    try:
        post = posts.of(message)
        if message.channel == Channel.EMAIL:
            provider_id = send_email(post, before=accepted.finish, following=following)
        else:
            accepted.finish()
            provider_id = send_sms(message, post.letter)
    except DatabaseFault:
        raise
    except PermanentRefusal as refusal:
        breaker.note(message.channel, good=True)
        accepted.finish()
        settle(message, State.FAILED, reason=str(refusal))
    except Exception as error:  # noqa: BLE001  whatever went wrong, the row goes back and is tried again
        accepted.finish()
        _failed(message, error)
    else:
        breaker.note(message.channel, good=True)
        if not settings.DEMO:
            accepted.begin(message, provider_id)
        elif accept(message, provider_id):
            _keep_copy(message, post.letter)


def _failed(message: Message, error: Exception) -> None:
    """Put a message back; only what the other side did counts for the breaker."""
    name = type(error.__cause__ if isinstance(error, Trouble) and error.__cause__ else error).__name__
    theirs = isinstance(error, Trouble | OSError)
    log.warning("message %s was not sent: %s", message.pk, name)
    if theirs:
        breaker.note(message.channel, good=False)
    put_back(message, reason=name, fell=not theirs)


def _keep_copy(message: Message, letter: Letter) -> None:
    from portal.outbox.models import DemoCopy

    DemoCopy.objects.create(
        channel=message.channel,
        recipient=message.recipient,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
    )
