"""How the post is doing: what waits, for how long, what left and what failed. For the help desk and for `/metrics`; no names, no addresses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q

from portal import clock
from portal.outbox.models import WAITING, Channel, Message, State
from portal.outbox.webhooks.models import ProviderEvent, Tiding

ENDS = tuple(state for state in State if state not in WAITING)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """One channel. `waiting` is everything not yet sent, `due` what could leave now; `ended` counts the last day's messages by state."""

    channel: Channel
    waiting: int = 0
    due: int = 0
    oldest_due_seconds: int = 0
    sent_last_hour: int = 0
    sent_last_day: int = 0
    ended: dict[State, int]

    @property
    def failed(self) -> int:
        """Count what did not arrive, of the last day's messages."""
        return sum(self.ended[state] for state in (State.BOUNCED, State.FAILED, State.DEAD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All channels, and what providers told in the last day; `unmatched` are events of which we know no message."""

    channels: list[ChannelFigures]
    events: dict[Tiding, int]
    unmatched: int


def figures() -> Figures:
    """Count. Three queries, each on an index, however much there is."""
    now = clock.now()
    hour, day = now - timedelta(hours=1), now - timedelta(days=1)
    due = Q(next_try_at__lte=now)
    waiting: dict[str, Any] = {
        row["channel"]: row
        for row in Message.objects.filter(state__in=WAITING)
        .order_by()
        .values("channel")
        .annotate(waiting=Count("pk"), due=Count("pk", filter=due), oldest=Min("next_try_at", filter=due))
    }
    recent = list(
        Message.objects.filter(created_at__gt=day)
        .order_by()
        .values("channel", "state")
        .annotate(all=Count("pk"), hour=Count("pk", filter=Q(sent_at__gt=hour)), day=Count("pk", filter=Q(sent_at__gt=day)))
    )
    told = list(
        ProviderEvent.objects.filter(received_at__gt=day)
        .order_by()
        .values("tiding")
        .annotate(all=Count("pk"), unmatched=Count("pk", filter=Q(message=None)))
    )
    channels = []
    for channel in Channel:
        mine = [row for row in recent if row["channel"] == channel]
        now_waiting = waiting.get(channel.value, {})
        oldest = now_waiting.get("oldest")
        channels.append(
            ChannelFigures(
                channel=channel,
                waiting=now_waiting.get("waiting", 0),
                due=now_waiting.get("due", 0),
                oldest_due_seconds=int((now - oldest).total_seconds()) if oldest else 0,
                sent_last_hour=sum(row["hour"] for row in mine),
                sent_last_day=sum(row["day"] for row in mine),
                ended={state: sum(row["all"] for row in mine if row["state"] == state) for state in ENDS},
            )
        )
    return Figures(
        channels=channels,
        events={tiding: sum(row["all"] for row in told if row["tiding"] == tiding) for tiding in Tiding},
        unmatched=sum(row["unmatched"] for row in told),
    )
