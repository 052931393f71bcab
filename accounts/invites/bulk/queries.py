"""What a file of invites is checked against, and where its invites stand once they were sent."""

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.invites.bulk.checking import Known
from accounts.invites.queries import Standing, admins_used, standings
from accounts.invites.refusals import AlreadyAtCentre, InviteWaiting
from accounts.invites.states import InviteState
from accounts.models import Invitation, InviteBatch
from permissions.models import Centre, Membership
from permissions.roles import ADMIN_SEATS
from permissions.scope import today

if TYPE_CHECKING:
    from django.utils.functional import Promise


@dataclass(frozen=True, slots=True)
class Progress:
    """The invites of a file: how many are in each state, and each of them."""

    counts: list[tuple[InviteState, int]]
    lines: list[Standing]

    @property
    def on_the_way(self) -> int:
        """How many messages have not left yet."""
        return dict(self.counts).get(InviteState.QUEUED, 0)


def known_at(centre: Centre) -> Known:
    """Return what this centre, and no other, knows of addresses and seats (INV-7, A08). Three queries."""
    waiting = Invitation.objects.filter(centre=centre, accepted_at=None, withdrawn_at=None).values_list("email", flat=True)
    members = Membership.objects.filter(centre=centre, user__isnull=False).values_list("user__email", flat=True)
    taken: dict[str, Promise | str] = dict.fromkeys(waiting, InviteWaiting.message)
    taken |= dict.fromkeys(members, AlreadyAtCentre.message)
    return Known(taken=taken, free_seats=len(ADMIN_SEATS) - admins_used(centre), today=today())


def progress_of(batch: InviteBatch) -> Progress:
    """Return where the invites of a file stand. Two queries."""
    rows = Invitation.objects.filter(batch=batch).order_by("last_name", "first_name", "pk")
    lines = list(standings(rows).values())
    counts = Counter(line.state for line in lines)
    return Progress([(state, counts[state]) for state in InviteState if counts[state]], lines)
