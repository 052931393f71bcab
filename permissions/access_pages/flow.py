"""The deeds around a request for access. Each is one transaction: change, audit event, messages (ROLE).

Places are held before the request's own row, in the order of Manage Access and Delete User, so that these deeds queue and never deadlock.
"""

from collections.abc import Iterable
from datetime import date

from django.db import IntegrityError, transaction

from permissions.access_pages.messages import tell_answer, tell_managers
from permissions.access_pages.refusals import (
    AlreadyAsked,
    AlreadyHandled,
    NotAsked,
    NothingChosen,
    NotToBeAsked,
    NotYoursToAnswer,
    ReasonMissing,
    TooManyRequests,
)
from permissions.access_pages.rules import answerable, askable, outcome_of, plain_words
from permissions.events import Event
from permissions.levels import Right
from permissions.membership.access import hold_places, set_rights
from permissions.membership.flow import refuse_past
from permissions.membership.refusals import NotYoursToChange
from permissions.models import AccessRequest, AskedRight, Membership, Outcome
from permissions.policy import grantable_by, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.violations import violated
from permissions.words import code
from portal import clock, limits
from portal.audit.record import record
from portal.ratelimit import allow

_DAY = 86400


@transaction.atomic
def ask(*, actor: Membership, rights: Iterable[Right], purpose: str) -> AccessRequest:
    """Ask the centre's Exams Officer and Admins for rights; each of them is told.

    Raises `NothingChosen`, `NotToBeAsked`, `AlreadyAsked`, `TooManyRequests`.
    """
    wanted = frozenset(rights)
    if not wanted:
        raise NothingChosen()
    place = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "user").filter(pk=actor.pk).first()
    if place is None or place.user is None or not place.counts:
        raise NotToBeAsked()
    role = Role(place.role)
    if not wanted <= askable(role, valid_rights(role, holdings(place), today())):
        raise NotToBeAsked()
    if not allow.spend("access-request", str(place.pk), (limits.ROLE_REQUESTS_PER_DAY, _DAY)):
        raise TooManyRequests()
    request = AccessRequest.objects.create(membership=place, purpose=plain_words(purpose))
    try:
        with transaction.atomic():
            AskedRight.objects.bulk_create(
                AskedRight(request=request, membership=place, service=service, level=level) for service, level in sorted(wanted)
            )
    except IntegrityError as error:
        if violated(error, AskedRight, "asked_right_open_once"):
            raise AlreadyAsked() from error
        raise
    codes = sorted(code(right) for right in wanted)
    record(Event.ACCESS_ASKED, actor=place.user, subject=place.user, centre=place.centre, asked=codes, purpose=request.purpose)
    tell_managers(place, request, codes)
    return request


@transaction.atomic
def answer(
    *, actor: Membership, request: AccessRequest, give: Iterable[Right], ends_on: date | None = None, reason: str = ""
) -> AccessRequest:
    """Approve a request, narrow it (fewer rights, a lower level, an end date) or refuse it (`give` empty): the first answer counts.

    `ends_on` is the last day, inclusive, in Europe/London. The ceiling and the answerer's own rights are judged now, not when it was asked.
    Raises `AlreadyHandled`, `NotYoursToAnswer`, `NotAsked`, `ReasonMissing`, `EndDatePassed`, `BeyondCeiling`.
    """
    giver, target = _hold(actor, request)
    row = AccessRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk, outcome="").first()
    if row is None:
        raise AlreadyHandled()
    asked = frozenset(each.right for each in row.rights.all())
    given, words = frozenset(give), plain_words(reason)
    if not given <= answerable(asked):
        raise NotAsked()
    if not words and not asked <= given:
        raise ReasonMissing()
    refuse_past(ends_on)
    row.outcome = outcome_of(asked, given)
    row.decided_at, row.decided_by_id, row.reason, row.ends_on = clock.now(), giver.user_id, words, ends_on if given else None
    row.save()
    row.rights.update(is_open=False)
    record(
        Event.ACCESS_REQUEST_ANSWERED,
        actor=giver.user,
        subject=target.user or target,
        centre=giver.centre,
        outcome=row.outcome,
        asked=sorted(code(right) for right in asked),
        given=sorted(code(right) for right in given),
        reason=words,
    )
    if given:
        try:
            held = valid_rights(Role(target.role), holdings(target), today())
            set_rights(actor=giver, membership=target, rights=held | given, ends_on=ends_on, keep_ends=True, silent=True)
        except NotYoursToChange as refusal:
            raise NotYoursToAnswer() from refusal
    tell_answer(giver, target, row, asked, given)
    return row


@transaction.atomic
def withdraw(*, actor: Membership, request: AccessRequest) -> None:
    """Take one's own open request back. Raises `AlreadyHandled`."""
    place = Membership.objects.select_for_update(of=("self",), no_key=True).select_related("centre", "user").filter(pk=actor.pk).first()
    row = AccessRequest.objects.select_for_update(of=("self",)).filter(pk=request.pk, membership=actor.pk, outcome="").first()
    if place is None or row is None:
        raise AlreadyHandled()
    row.outcome, row.decided_at, row.decided_by_id = Outcome.WITHDRAWN, clock.now(), place.user_id
    row.save()
    row.rights.update(is_open=False)
    record(Event.ACCESS_REQUEST_WITHDRAWN, actor=place.user, subject=place.user, centre=place.centre)


def _hold(actor: Membership, request: AccessRequest) -> tuple[Membership, Membership]:
    """Hold the answerer's place and the asker's. Raises `NotYoursToAnswer`, or `AlreadyHandled` when the asker's place is gone."""
    held = hold_places(actor.pk, request.membership_id)
    giver, target = held.get(actor.pk), held.get(request.membership_id)
    if target is None:
        raise AlreadyHandled()
    if giver is None or giver == target or giver.centre_id != target.centre_id or not giver.counts:
        raise NotYoursToAnswer()
    if not grantable_by(Role(giver.role), Role(target.role)):
        raise NotYoursToAnswer()
    return giver, target
