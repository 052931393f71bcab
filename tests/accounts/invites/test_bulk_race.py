"""INV-6, F28: files of invites at the same instant as each other and as single invites, on a database server."""

import pytest
from django.db import connection

from accounts.events import Event
from accounts.invites.bulk.flow import keep_file, send_file
from accounts.invites.bulk.reading import Sheet
from accounts.invites.flow import resend
from accounts.models import Invitation, InviteBatch
from accounts.people.picked import Act, carry_out
from accounts.people.queries import of_keys
from permissions.models import Membership
from permissions.roles import Role
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.ratelimit.models import Counter
from tests.accounts.invites.test_race import people, race
from tests.cast import Cast, Person, invite

__all__ = ["people"]
pytestmark = pytest.mark.services


def kept(by: Person, *people: tuple[str, str]) -> InviteBatch:
    """Keep a file of (address, type of account)."""
    rows = [(number, ["Elin", "Wyn", email, role]) for number, (email, role) in enumerate(people, 2)]
    head = ["First name", "Last name", "Email address", "Account type"]
    return keep_file(actor=by.user, membership=by.membership, sheet=Sheet(head, rows))


def test_inv6_ten_presses_at_once_send_a_file_once(people: Cast) -> None:
    by = people.exams_officer
    batch = kept(by, *((f"e{number}@glan.example", "User") for number in range(6)))
    place = by.membership
    assert race(lambda _turn: send_file(actor=by.user, membership=place, batch=batch)).keys() <= {"done", "Busy"}
    assert Invitation.objects.filter(batch=batch).count() == Message.objects.filter(kind="invite").count() == 6
    assert AuditEvent.objects.filter(number=Event.INVITED_FROM_FILE.number).count() == 1
    assert max(Counter.objects.values_list("count", flat=True)) == 6


def test_f28_files_with_the_same_addresses_in_another_order_meet_no_deadlock(people: Cast) -> None:
    addresses = [(f"e{number}@glan.example", "User") for number in range(8)]
    senders = (people.exams_officer, people.admin)
    files = [kept(senders[turn % 2], *(addresses if turn % 2 else addresses[::-1])) for turn in range(6)]
    places = [one.membership for one in senders]

    def deed(turn: int) -> object:
        if turn < len(files):
            return send_file(actor=senders[turn % 2].user, membership=places[turn % 2], batch=files[turn])
        return invite(senders[turn % 2], addresses[turn % len(addresses)][0])

    ended = race(deed)
    assert ended["done"] >= 1
    assert ended.keys() <= {"done", "WrongRows", "InviteWaiting", "Busy"}, ended
    assert Invitation.objects.count() == Membership.objects.filter(user=None).count() == Message.objects.filter(kind="invite").count()
    assert Invitation.objects.count() == Invitation.objects.values("email").distinct().count()
    assert not [one for one in files if one.invitations.count() not in {0, len(addresses)}]


def test_a70_files_and_single_invites_never_make_a_fourth_admin(people: Cast) -> None:
    by, place = people.exams_officer, people.exams_officer.membership
    files = [
        kept(by, (f"u{turn}@glan.example", "User"), (f"a{turn}@glan.example", "Admin"), (f"b{turn}@glan.example", "Admin"))
        for turn in range(5)
    ]

    def deed(turn: int) -> object:
        if turn < len(files):
            return send_file(actor=by.user, membership=place, batch=files[turn])
        return invite(by, f"s{turn}@glan.example", role=Role.ADMIN)

    ended = race(deed)
    assert ended.keys() <= {"done", "WrongRows", "NoAdminSeat", "Busy"}, ended
    assert Membership.objects.filter(centre=people.centre, role=Role.ADMIN).count() == 3
    assert Invitation.objects.count() == Membership.objects.filter(user=None).count()


def test_f28_selections_that_overlap_do_each_deed_once(people: Cast) -> None:
    waiting = [invite(people.admin, f"e{number}@glan.example") for number in range(4)]
    places = [one.membership_id for one in waiting if one.membership_id] + [people.user.membership.pk]
    lists = [of_keys(reader=people.exams_officer.membership, keys=places[::way]) for way in (1, -1)]
    ended = race(lambda turn: carry_out(actor=people.exams_officer.user, act=Act.REMOVE, rows=lists[turn]), runners=2)
    assert ended == {"done": 2}
    assert AuditEvent.objects.filter(number=Event.INVITE_WITHDRAWN.number).count() == 4
    assert AuditEvent.objects.filter(number=Event.PERSON_DELETED.number).count() == 1
    assert not Membership.objects.filter(pk__in=places).exists()


def test_f28_a_file_and_resends_at_once_all_go_through(people: Cast) -> None:
    waiting = [invite(people.admin, f"w{number}@glan.example") for number in range(5)]
    batch = kept(people.exams_officer, *((f"e{number}@glan.example", "User") for number in range(5)))
    place = people.exams_officer.membership

    def deed(turn: int) -> object:
        if turn < len(waiting):
            return resend(actor=people.admin.user, invitation=waiting[turn])
        return send_file(actor=people.exams_officer.user, membership=place, batch=batch)

    assert race(deed).keys() <= {"done", "Busy"}
    assert connection.vendor == "postgresql"
    assert Message.objects.filter(kind="invite").count() in {5, 10}
