"""Ask for a change of Exams Officer, and take that back. Each deed is one transaction: change, audit event, messages.

Places are held before the case's own row, as in every deed that takes both (F28).
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from django.db import IntegrityError, transaction

from accounts.canonical import BadEmail, canonical_email
from accounts.events import Event
from accounts.models import After, Invitation, Stage, Succession, User
from accounts.models.succession import OPEN
from accounts.profile.names import person_name
from accounts.succession.expiry import end_if_due
from accounts.succession.messages import ask_head, tell
from accounts.succession.reference import new_reference
from accounts.succession.refusals import CaseOpen, CaseOver, HeadIsInvolved, NotYoursToAsk, OpenInvite, SamePerson, TooManyCases
from permissions.access_pages.rules import plain_words
from permissions.models import Centre, Membership
from permissions.policy import manages_people
from permissions.roles import Role
from permissions.violations import violated
from portal import clock, limits
from portal.audit.record import record
from portal.outbox.models import UNSENT, Message, State
from portal.ratelimit import allow

_A_DAY: Final = (limits.SUCCESSION_ASKED_PER_DAY, 86400)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is asked for: who shall be Exams Officer, what becomes of the present one, why, and who confirms it."""

    first_name: str
    last_name: str
    email: str
    after: str
    reason: str
    head_name: str
    head_email: str

    def checked(self) -> "Wish":
        """Return the same as it is stored. Raises `BadEmail`, `BadName`, and `ValueError` for an unknown `after`."""
        try:
            head_email = canonical_email(self.head_email)
        except BadEmail as refusal:
            raise BadHeadEmail() from refusal
        return Wish(
            first_name=person_name(self.first_name),
            last_name=person_name(self.last_name),
            email=canonical_email(self.email),
            after=After(self.after).value,
            reason=plain_words(self.reason),
            head_name=person_name(self.head_name),
            head_email=head_email,
        )


class BadHeadEmail(BadEmail):
    """The head of centre's address is none we can send to."""

    field = "head_email"


@transaction.atomic
def ask(*, actor: User, membership: Membership, wish: Wish) -> Succession:
    """Open a case at the actor's own centre and write to the head of centre; the present Exams Officer is told. Nothing else changes yet.

    Raises `NotYoursToAsk`, `CaseOpen`, `SamePerson`, `OpenInvite`, `HeadIsInvolved`, `TooManyCases`, `BadEmail`, `BadName`.
    """
    wish = wish.checked()
    place = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("centre")
        .filter(pk=membership.pk, user=actor)
        .first()
    )
    if place is None or not place.counts or not manages_people(Role(place.role)):
        raise NotYoursToAsk()
    centre = place.centre
    present = Membership.objects.select_related("user", "invitation").filter(centre=centre, role=Role.EXAMS_OFFICER).first()
    refuse_unfit(centre, wish, present)
    if wish.head_email in {actor.email, wish.email, present.user.email if present and present.user else ""}:
        raise HeadIsInvolved()
    for pk in Succession.objects.filter(centre=centre, stage__in=OPEN).values_list("pk", flat=True):
        if not end_if_due(pk):
            raise CaseOpen()
    if not allow.spend("succession", str(centre.pk), _A_DAY):
        raise TooManyCases()
    case, reference = _open(centre, actor, _as_known(centre, wish))
    record(Event.SUCCESSION_ASKED, actor=actor, subject=case, centre=centre, after=case.after, reason=case.reason)
    ask_head(case=case, asker=actor, present=str(present.user) if present and present.user else "", reference=reference)
    tell(case, but=actor)
    return case


@transaction.atomic
def withdraw(*, actor: User, membership: Membership, case: Succession) -> None:
    """Take an open case back: who asked, or any Exams Officer or Admin of the centre once whoever asked has gone.

    The head of centre and the present Exams Officer are told. Raises `NotYoursToAsk`, `CaseOver`.
    """
    place = (
        Membership.objects.select_for_update(of=("self",), no_key=True)
        .select_related("centre")
        .filter(pk=membership.pk, user=actor)
        .first()
    )
    row = Succession.objects.select_for_update(of=("self",)).select_related("centre", "asked_by").filter(pk=case.pk).first()
    if place is None or row is None or row.centre_id != place.centre_id or not may_withdraw(place, row):
        raise NotYoursToAsk()
    if not row.is_open or row.expired(clock.now()):
        raise CaseOver()
    # A letter that has not left yet need not arrive any more.
    Message.objects.filter(about=f"succession:{row.pk}", kind="succession_confirm", state__in=UNSENT).update(
        state=State.EXPIRED, secret="", reason="called back"
    )
    row.stage, row.digest, row.decided_at = Stage.WITHDRAWN, "", clock.now()
    row.save(update_fields=["stage", "digest", "decided_at"])
    record(Event.SUCCESSION_WITHDRAWN, actor=actor, subject=row, centre=row.centre)
    tell(row, head=True, but=actor)


def may_withdraw(place: Membership, case: Succession) -> bool:
    """Say whether somebody at a place may take a case back."""
    return manages_people(Role(place.role)) and case.asked_by_id in {None, place.user_id}


def refuse_unfit(centre: Centre, wish: Wish | Succession, present: Membership | None) -> None:
    """Raise `SamePerson` or `OpenInvite` for somebody who cannot take the place: they have it, or only an invite to another one."""
    if present is not None:
        invited = getattr(present, "invitation", None)
        if wish.email in {present.user.email if present.user else "", invited.email if invited else ""}:
            raise SamePerson()
    waiting = Invitation.objects.filter(centre=centre, email=wish.email, accepted_at=None, withdrawn_at=None)
    if waiting.exists():
        raise OpenInvite()


def _as_known(centre: Centre, wish: Wish) -> Wish:
    """Name a person of the centre as they are known there, whatever was typed: the head of centre and staff judge by the name."""
    person = User.objects.filter(memberships__centre=centre, email=wish.email).first()
    return replace(wish, first_name=person.first_name, last_name=person.last_name) if person else wish


def _open(centre: Centre, actor: User, wish: Wish) -> tuple[Succession, str]:
    reference, digest = new_reference()
    now = clock.now()
    try:
        with transaction.atomic():
            case = Succession.objects.create(
                centre=centre,
                asked_by=actor,
                asked_at=now,
                expires_at=now + timedelta(days=limits.SUCCESSION_CONFIRM_DAYS),
                digest=digest,
                **{name: getattr(wish, name) for name in Wish.__dataclass_fields__},
            )
    except IntegrityError as error:
        if violated(error, Succession, "succession_one_open_a_centre"):
            raise CaseOpen() from error
        raise
    return case, reference
