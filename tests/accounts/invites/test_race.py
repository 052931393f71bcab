"""A70, F28: invites, withdrawals, acceptances and deletions at the same instant, on a database server."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.cache import cache
from django.db import connection, connections

from accounts.events import Event
from accounts.invites.flow import resend, withdraw
from accounts.models import Invitation, User
from accounts.people.delete import delete_member
from accounts.signin.accept import set_first_password
from permissions.models import Membership
from permissions.roles import Role
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from portal.web.refusal import Refusal
from tests.cast import Cast, invite, make_cast

pytestmark = pytest.mark.services
RUNNERS = 10


@pytest.fixture
def people(server_db: None) -> Cast:
    """The cast, on a database that threads share for real."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    cache.clear()
    return make_cast()


def race(deed: Callable[[int], object], runners: int = RUNNERS) -> Counter[str]:
    """Let callers do a deed at the same moment and count how each ended."""
    start = Barrier(runners)

    def run(number: int) -> str:
        try:
            start.wait(timeout=20)
            deed(number)
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connections.close_all()
        return "done"

    with ThreadPoolExecutor(runners) as pool:
        return Counter(pool.map(run, range(runners)))


def test_a70_ten_parallel_invites_end_with_three_admins_and_clear_refusals(people: Cast) -> None:
    ended = race(lambda number: invite(people.exams_officer, f"a{number}@glan.example", role=Role.ADMIN))
    assert ended == {"done": 2, "NoAdminSeat": 8}
    assert Membership.objects.filter(centre=people.centre, role=Role.ADMIN).count() == 3
    assert Message.objects.filter(kind="invite").count() == 2
    assert AuditEvent.objects.filter(number=Event.INVITED.number).count() == 2


def test_inv5_ten_parallel_invites_to_one_address_make_one(people: Cast) -> None:
    ended = race(lambda _number: invite(people.exams_officer, "elin@glan.example"))
    assert ended == {"done": 1, "InviteWaiting": 9}
    assert Membership.objects.filter(centre=people.centre, user=None).count() == 1


def test_p17_ten_parallel_resends_send_once(people: Cast) -> None:
    waiting = invite(people.admin, "elin@glan.example")
    ended = race(lambda _number: resend(actor=people.admin.user, invitation=waiting))
    assert ended == {"done": 1, "ResendTooSoon": 9}


def test_a63_an_invite_is_either_accepted_or_withdrawn(people: Cast) -> None:
    for number in range(4):
        waiting = invite(people.admin, f"e{number}@glan.example")
        deeds: tuple[Callable[[], object], ...] = (
            lambda one=waiting: withdraw(actor=people.admin.user, invitation=one),  # type: ignore[misc]
            lambda one=waiting: set_first_password(invitation=one, password="velvet compass 31", language="en"),  # type: ignore[misc]
        )
        ended = race(lambda turn, acts=deeds: acts[turn](), runners=2)  # type: ignore[misc]
        assert ended["done"] == 1, ended
        row = Invitation.objects.get(pk=waiting.pk)
        assert (row.accepted_at is None) != (row.withdrawn_at is None)
        assert User.objects.filter(email=row.email).exists() == (row.accepted_at is not None)
        assert Membership.objects.filter(user__email=row.email).exists() == (row.accepted_at is not None)


def test_man2_ten_parallel_deletions_delete_once(people: Cast) -> None:
    place = people.user.membership
    ended = race(lambda _number: delete_member(actor=people.exams_officer.user, membership=place))
    assert ended == {"done": 1, "NotYoursToDelete": 9}
    assert AuditEvent.objects.filter(number=Event.PERSON_DELETED.number).count() == 1


def test_f28_two_admins_who_delete_each_other_meet_no_deadlock(people: Cast) -> None:
    invite(people.exams_officer, "second@glan.example", role=Role.ADMIN)
    waiting = Invitation.objects.get(email="second@glan.example")
    second = set_first_password(invitation=waiting, password="velvet compass 31", language="en")
    pairs = ((people.admin.user, second), (second, people.admin.user))
    places = {person.pk: Membership.objects.get(user=person) for pair in pairs for person in pair}
    ended = race(lambda turn: delete_member(actor=pairs[turn][0], membership=places[pairs[turn][1].pk]), runners=2)
    assert ended == {"done": 1, "NotYoursToDelete": 1}
    assert Membership.objects.filter(centre=people.centre, role=Role.ADMIN).count() == 1
