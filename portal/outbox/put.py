"""The one way in: write a message in the caller's transaction; it leaves after commit."""

from datetime import datetime
from functools import partial
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import transaction

from portal.outbox.models import Channel, Message
from portal.outbox.render import ORDER


def put(
    kind: str,
    *,
    to: str,
    language: str,
    context: dict[str, Any],
    secret: str = "",
    channel: str = Channel.EMAIL,
    expires_at: datetime | None = None,
    about: str = "",
) -> Message:
    """Queue a message and wake the post office once the caller's transaction has committed.

    `kind` names the templates, `language` is "en", "cy", "both-cy" or "both-en", `secret` a code or temporary password. `context` is plain
    JSON: instants as ISO text under names that end in `_at`, dates under `_on`, a local path under `path` (templates see it whole as
    `link`). `about` ("invitation:<id>") lets the caller find the states later. Raises `ValueError` for an unknown language, channel or kind:
    `settings.MESSAGE_QUEUES` names the queue of each kind.
    """
    if language not in ORDER or channel not in Channel.values:
        raise ValueError(f"no way to write in {language} by {channel}")
    queue = settings.MESSAGE_QUEUES.get(kind)
    if queue is None:
        raise ValueError(f"{kind} has no queue")
    message = Message.objects.create(
        kind=kind,
        queue=queue,
        channel=channel,
        recipient=to,
        language=language,
        context=context,
        secret=secret,
        about=about,
        expires_at=expires_at,
    )
    transaction.on_commit(partial(_wake, str(message.pk), queue), robust=True)
    return message


def call_for_nothing(kind: str) -> None:
    """Wake the post office after commit as a message of this kind would, with an id that is nobody's: a broker that is slow tells nothing (A03)."""
    transaction.on_commit(partial(_wake, str(uuid4()), settings.MESSAGE_QUEUES[kind]), robust=True)


def _wake(pk: str, queue: str) -> None:
    from portal.outbox.wake import wake

    wake(pk, queue)
