"""What became of the text with a code (F20): never two of them, and a plain word when it cannot leave."""

from datetime import timedelta
from typing import Final

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import QuerySet

from accounts.models import Purpose, User
from portal import clock, limits
from portal.outbox.models import WAITING, Channel, Message, State

_REFUSED: Final = "no_text"
_LOST: Final = frozenset({State.BOUNCED, State.FAILED, State.DEAD, State.EXPIRED})


def call_back(*, user: User, purpose: Purpose) -> None:
    """Stop what still waits of an earlier code, so that a gateway that comes back sends one text, not two. Part of a caller's transaction."""
    _texts(user, purpose).filter(state=State.QUEUED).update(state=State.EXPIRED, secret="", reason="called back")


def note_refusal(session: SessionBase, *, refused: bool) -> None:
    """Keep in the session whether the last text that was asked for may not leave (P16), for the page that is shown next."""
    if refused:
        session[_REFUSED] = True
    elif _REFUSED in session:
        del session[_REFUSED]


def failed(*, user: User, purpose: Purpose, session: SessionBase) -> bool:
    """Say whether the text with the latest code did not leave: refused by a budget or the gateway, or on its way for 20 s. One query."""
    if session.get(_REFUSED):
        return True
    now = clock.now()
    recent = _texts(user, purpose).filter(created_at__gt=now - timedelta(minutes=limits.P8_CODE_MINUTES))
    last = recent.order_by("-created_at").values_list("state", "reason", "created_at").first()
    if last is None:
        return False
    state, reason, created_at = last
    late = bool(reason) or created_at <= now - timedelta(seconds=limits.F20_TEXT_SECONDS)
    return state in _LOST or (state in WAITING and late)


def _texts(user: User, purpose: Purpose) -> QuerySet[Message]:
    return Message.objects.filter(about=f"person:{user.pk}", channel=Channel.SMS, context__purpose=purpose.value)
