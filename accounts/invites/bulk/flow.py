"""The deeds around a file of invites: keep what was checked, send it all or nothing (INV-6)."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.events import Event
from accounts.invites.bulk.checking import Person, Problem, check
from accounts.invites.bulk.queries import known_at
from accounts.invites.bulk.reading import Sheet
from accounts.invites.details import Details
from accounts.invites.inviting import giver_of, hold_place, or_busy, send_first
from accounts.invites.issue import Fresh
from accounts.invites.limits import left_today, spend_file
from accounts.invites.matrix import for_invite
from accounts.models import InviteBatch, User
from permissions.models import Centre, Membership
from permissions.policy import givable, valid_rights
from permissions.roles import Role
from permissions.scope import holdings, today
from permissions.words import code, from_code
from portal import clock, limits
from portal.audit.record import record
from portal.web.refusal import Refusal


class WrongRows(Refusal):
    """Rows of the file cannot be sent; nothing was."""

    message = _("No invite was sent. Correct the rows below and choose the file again")

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__()


class TooManyToday(Refusal):
    """The file has more people than the centre may invite today (P17)."""

    field = "file"

    def __init__(self, invites: int, left: int) -> None:
        super().__init__(
            _(
                "Your centre can send 100 invites a day, and %(left)s are left today. This file has %(invites)s. Split it, or send it tomorrow"
            )
            % {"left": left, "invites": invites}
        )


class BatchOver(Refusal):
    """What was checked is too old, and was forgotten."""

    message = _("The check of this file is too old. Choose the file again")


def keep_file(*, actor: User, membership: Membership, sheet: Sheet) -> InviteBatch:
    """Check a file and keep it for an hour. Raises `WrongRows`, `TooManyToday`, `BadFile`, `NotYoursToInvite`."""
    giver = giver_of(actor, membership)
    own = valid_rights(Role(giver.role), holdings(giver), today())
    choices = {role: for_invite(role, givable(Role(giver.role), own, role)) for role in (Role.ADMIN, Role.USER)}
    people, problems, unused = check(sheet, choices=choices, known=known_at(giver.centre))
    if problems:
        raise WrongRows(problems)
    left = left_today(giver.centre)
    if len(people) > left:
        raise TooManyToday(len(people), left)
    content = {"people": [_written(person) for person in people], "unused": unused}
    return InviteBatch.objects.create(
        centre=giver.centre,
        made_by=actor,
        people=json.dumps(content),
        expires_at=clock.now() + timedelta(minutes=limits.INV6_PREVIEW_MINUTES),
    )


def people_of(batch: InviteBatch) -> tuple[list[Person], list[str]]:
    """Return the people of a file that waits to be sent, and its columns that are not used. Raises `BatchOver`."""
    if not batch.people or clock.now() >= batch.expires_at:
        raise BatchOver()
    content = json.loads(batch.people)
    return [_read(row) for row in content["people"]], content["unused"]


def send_file(*, actor: User, membership: Membership, batch: InviteBatch) -> InviteBatch:
    """Send all invites of a file, or none. A second press finds it sent and changes nothing.

    Raises `WrongRows` when something changed since the file was checked, `BatchOver`, `TooManyInvites`, `NotYoursToInvite`, `Busy`.
    """
    if batch.sent_at is not None:
        return batch
    people, _unused = people_of(batch)
    # Hashing takes long: it is done before anything is held.
    fresh = [Fresh.make() for _person in people]
    with or_busy(), transaction.atomic():
        # One file of a centre at a time; invites sent one by one do not wait for this row.
        Centre.objects.select_for_update(no_key=True).get(pk=membership.centre_id)
        held = InviteBatch.objects.select_for_update().get(pk=batch.pk)
        if held.sent_at is not None:
            return held
        giver = giver_of(actor, membership)
        places = []
        for person in people:
            with _naming(person):
                places.append(_place_for(person, actor, giver))
        for person, place, secret in zip(people, places, fresh, strict=True):
            with _naming(person):
                send_first(actor, place, person.details, secret, held)
        spend_file(actor, giver.centre, len(people))
        held.people, held.sent_at = "", clock.now()
        held.save(update_fields=["people", "sent_at"])
        record(Event.INVITED_FROM_FILE, actor=actor, centre=giver.centre, invites=len(people))
        return held


def purge_expired() -> int:
    """Forget the files that nobody sent in time; returns how many. Called by the timetable."""
    return InviteBatch.objects.filter(sent_at=None, expires_at__lt=clock.now()).delete()[0]


def _place_for(person: Person, actor: User, giver: Membership) -> Membership:
    return hold_place(actor=actor, giver=giver, details=person.details, role=person.role, rights=person.rights, ends_on=person.ends_on)


@contextmanager
def _naming(person: Person) -> Iterator[None]:
    """Say of which row a refusal is."""
    try:
        yield
    except Refusal as refusal:
        raise WrongRows([Problem(person.row, person.details.email, refusal.message)]) from refusal


def _written(person: Person) -> dict[str, Any]:
    return {
        "row": person.row,
        "details": asdict(person.details),
        "role": person.role.value,
        "rights": [code(right) for right in sorted(person.rights)],
        "ends_on": person.ends_on.isoformat() if person.ends_on else "",
    }


def _read(row: dict[str, Any]) -> Person:
    return Person(
        row=row["row"],
        details=Details(**row["details"]),
        role=Role(row["role"]),
        rights=frozenset(from_code(right) for right in row["rights"]),
        ends_on=date.fromisoformat(row["ends_on"]) if row["ends_on"] else None,
    )
