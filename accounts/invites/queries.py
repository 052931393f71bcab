"""Read invites and where they stand."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from django.db.models import QuerySet
from django.utils.functional import Promise

from accounts.invites.details import Details
from accounts.invites.messages import INVITES, about
from accounts.invites.states import InviteState, Post, explanation, state_of
from accounts.models import Invitation
from permissions.access import ALWAYS
from permissions.levels import Right
from permissions.models import Centre, Membership
from permissions.policy import complete, manages_people
from permissions.roles import Role
from permissions.scope import holdings
from portal import clock
from portal.outbox.models import Message


@dataclass(frozen=True, slots=True)
class Standing:
    """An invite with where it stands and, when something went wrong, why in plain words."""

    invitation: Invitation
    state: InviteState
    why: Promise | str


def open_invitations(centre: Centre) -> QuerySet[Invitation]:
    """Return a centre's invites that were neither accepted nor withdrawn, expired ones too, soonest end first."""
    return Invitation.objects.filter(centre=centre, accepted_at=None, withdrawn_at=None).order_by("expires_at")


def waiting_for(membership: Membership) -> list[Standing]:
    """Return the open invites that a person looks after with where each stands; empty for Users. For the list of tasks that wait."""
    if not manages_people(Role(membership.role)):
        return []
    rows = list(open_invitations(membership.centre).exclude(role=Role.EXAMS_OFFICER))
    return list(standings(rows).values())


def withdrawn_at_centre(centre: Centre) -> QuerySet[Invitation]:
    """Return a centre's withdrawn invites, latest first."""
    rows = Invitation.objects.filter(centre=centre, withdrawn_at__isnull=False).select_related("invited_by")
    return rows.order_by("-withdrawn_at")


def standings(invitations: Iterable[Invitation]) -> dict[UUID, Standing]:
    """Return where each invite stands, by its id. One query for all."""
    rows = list(invitations)
    posts = _last_posts(rows)
    now = clock.now()
    found = {}
    for row in rows:
        post = posts.get(about(row))
        state = state_of(row, post, now)
        found[row.pk] = Standing(row, state, explanation(state, post))
    return found


def _last_posts(rows: list[Invitation]) -> dict[str, Post]:
    """Read the last message of each invite; the secret stays unread."""
    if not rows:
        return {}
    messages = Message.objects.filter(about__in=[about(row) for row in rows], kind__in=INVITES).order_by("created_at")
    return {reference: Post(state, reason) for reference, state, reason in messages.values_list("about", "state", "reason")}


def admins_used(centre: Centre) -> int:
    """Count the Admin seats of a centre that are taken, pending invites included (INV-2). For showing only: the database decides."""
    return Membership.objects.filter(centre=centre, seat__isnull=False).count()


def says_the_same(invitation: Invitation, *, details: Details, role: Role, rights: Iterable[Right], ends_on: date | None) -> bool:
    """Say whether an open invite already gives this person exactly this: same words, type of account, access and last day."""
    wanted = dict.fromkeys(complete(rights), ends_on) | dict.fromkeys(ALWAYS)
    same_words = all(getattr(invitation, name) == value for name, value in asdict(details.checked()).items())
    place = invitation.membership
    return same_words and place is not None and invitation.role == role and holdings(place) == wanted
