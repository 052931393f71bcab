"""How the post is doing: what waits, for how long, what left and what failed. For the help desk and for `/metrics`; no names, no addresses."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Min, Q

from portal import clock, limits
from portal.outbox.canary import TIMETABLE
from portal.outbox.models import WAITING, Channel, Message, Queue, Sign, State
from portal.outbox.webhooks.models import ProviderEvent, Tiding

ENDS = tuple(state for state in State if state not in {*WAITING, State.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFigures:
    """What waits in one queue; `due` is what could leave now, the oldest of it since so many seconds."""

    queue: Queue
    waiting: int = 0
    due: int = 0
    oldest_due_seconds: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelFigures:
    """What left by one channel; `ended` counts the messages written in the last day by what became of them."""

    channel: Channel
    sent_last_hour: int
    sent_last_day: int
    ended: dict[State, int]

    @property
    def failed(self) -> int:
        """Count what did not arrive, of the last day's messages."""
        return sum(self.ended[state] for state in (State.BOUNCED, State.FAILED, State.DEAD))


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All of it. `unmatched` are events of providers of which we know no message; `held` wait for staff. `timetable_seconds` is -1 when it never ran."""

    queues: list[QueueFigures]
    channels: list[ChannelFigures]
    events: dict[Tiding, int]
    unmatched: int
    held: int
    workers: int
    timetable_seconds: int


def figures() -> Figures:
    """Count. Five queries, each on an index or a small table, however much there is."""
    now = clock.now()
    told = list(
        ProviderEvent.objects.filter(received_at__gt=now - timedelta(days=1))
        .order_by()
        .values("tiding")
        .annotate(all=Count("pk"), unmatched=Count("pk", filter=Q(message=None)))
    )
    ages = {name: int((now - at).total_seconds()) for name, at in Sign.objects.values_list("name", "at")}
    timetable = ages.pop(TIMETABLE, -1)
    return Figures(
        queues=_queues(),
        channels=_channels(),
        events={tiding: sum(row["all"] for row in told if row["tiding"] == tiding) for tiding in Tiding},
        unmatched=sum(row["unmatched"] for row in told),
        held=Message.objects.filter(state=State.HELD).count(),
        workers=sum(age <= limits.CANARY_LATE_SECONDS for age in ages.values()),
        timetable_seconds=timetable,
    )


def _queues() -> list[QueueFigures]:
    now = clock.now()
    due = Q(next_try_at__lte=now)
    rows: dict[str, Any] = {
        row["queue"]: row
        for row in Message.objects.filter(state__in=WAITING)
        .order_by()
        .values("queue")
        .annotate(waiting=Count("pk"), due=Count("pk", filter=due), oldest=Min("next_try_at", filter=due))
    }
    return [
        QueueFigures(
            queue=queue,
            waiting=row["waiting"],
            due=row["due"],
            oldest_due_seconds=int((now - row["oldest"]).total_seconds()) if row["oldest"] else 0,
        )
        if (row := rows.get(queue.value))
        else QueueFigures(queue=queue)
        for queue in Queue
    ]


def _channels() -> list[ChannelFigures]:
    now = clock.now()
    hour, day = Q(sent_at__gt=now - timedelta(hours=1)), Q(sent_at__gt=now - timedelta(days=1))
    recent = list(
        Message.objects.filter(created_at__gt=now - timedelta(days=1))
        .order_by()
        .values("channel", "state")
        .annotate(all=Count("pk"), hour=Count("pk", filter=hour), day=Count("pk", filter=day))
    )
    channels = []
    for channel in Channel:
        mine = [row for row in recent if row["channel"] == channel]
        channels.append(
            ChannelFigures(
                channel=channel,
                sent_last_hour=sum(row["hour"] for row in mine),
                sent_last_day=sum(row["day"] for row in mine),
                ended={state: sum(row["all"] for row in mine if row["state"] == state) for state in ENDS},
            )
        )
    return channels
