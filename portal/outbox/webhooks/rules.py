"""What an event does to a message's state: it only moves forward, so that order and repetition do not matter (MAIL-3, F24). Pure."""

from typing import Final

from portal.outbox.models import State
from portal.outbox.webhooks.models import Tiding

ORDER: Final = (
    State.QUEUED,
    State.CLAIMED,
    State.HELD,
    State.ACCEPTED,
    State.DELIVERED,
    State.BOUNCED,
    State.FAILED,
    State.EXPIRED,
    State.DEAD,
)
"""From not yet sent to given up. A bounce may follow a delivery (a second server refuses), never the other way round."""

_LEADS_TO: Final = {
    Tiding.DELIVERED: State.DELIVERED,
    Tiding.BOUNCED: State.BOUNCED,
    # Whoever complains has read it.
    Tiding.COMPLAINED: State.DELIVERED,
}


def after(state: State, tiding: Tiding) -> State:
    """Return where a message is once we heard something of it: the later of both states."""
    return max(state, _LEADS_TO[tiding], key=ORDER.index)
