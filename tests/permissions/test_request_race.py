"""ROLE: several answer, ask and delete at the same moment on a server database: one answer counts, nobody meets an error or a deadlock."""

from functools import partial

import pytest
from django.db import connection

from accounts.people.delete import delete_member
from permissions.access_pages.flow import answer, ask
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.refusals import NoAdminSeat
from permissions.membership.role import change_role
from permissions.models import AccessRequest, AskedRight, Membership
from permissions.roles import Role
from permissions.scope import given
from tests.permissions.people import new_centre, new_member
from tests.racing import race

pytestmark = pytest.mark.services
ENTRIES, SCRIPTS = (Service.ENTRIES, Level.VIEW), (Service.VIEW_SCRIPTS, Level.VIEW)


@pytest.fixture(autouse=True)
def _server(server_db: None) -> None:
    """Threads race only on a database server."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def people() -> tuple[Membership, list[Membership], Membership]:
    """Return an Exams Officer, three Admins and a User of a new centre."""
    centre = new_centre()
    return new_member(centre, Role.EXAMS_OFFICER), [new_member(centre, Role.ADMIN) for _seat in range(3)], new_member(centre, Role.USER)


def test_role_of_four_answers_at_once_one_counts() -> None:
    for _round in range(3):
        officer, admins, user = people()
        request = ask(actor=user, rights=[ENTRIES], purpose="Year 11")
        ended = race(
            *(partial(answer, actor=manager, request=request, give=[ENTRIES]) for manager in (officer, admins[0])),
            *(partial(answer, actor=manager, request=request, give=[], reason="No") for manager in admins[1:]),
        )
        assert ended == {"done": 1, "AlreadyHandled": 3}
        row = AccessRequest.objects.get(pk=request.pk)
        assert (row.outcome == "approved") is (ENTRIES in given(user))


def test_role_of_five_askings_for_one_right_at_once_one_is_open() -> None:
    _officer, _admins, user = people()
    assert race(*(partial(ask, actor=user, rights=[ENTRIES], purpose="x") for _time in range(5))) == {"done": 1, "AlreadyAsked": 4}
    assert AskedRight.objects.filter(is_open=True).count() == 1


def test_role_an_answer_manage_access_and_a_deletion_at_once_never_deadlock() -> None:
    for _round in range(5):
        officer, admins, user = people()
        request = ask(actor=user, rights=[ENTRIES], purpose="Year 11")
        ended = race(
            partial(answer, actor=admins[0], request=request, give=[ENTRIES]),
            partial(set_rights, actor=admins[1], membership=user, rights=[SCRIPTS]),
            partial(set_rights, actor=officer, membership=admins[0], rights=[SCRIPTS]),
            partial(delete_member, actor=admins[2].user, membership=user),  # type: ignore[arg-type]
            partial(ask, actor=user, rights=[SCRIPTS], purpose="x"),
        )
        assert sum(ended.values()) == 5
        assert not Membership.objects.filter(pk=user.pk).exists()
        assert not AccessRequest.objects.filter(membership=user.pk).exists()


def test_a71_of_six_promotions_at_once_exactly_three_find_a_seat() -> None:
    for _round in range(3):
        centre = new_centre()
        officer, users = new_member(centre, Role.EXAMS_OFFICER), [new_member(centre, Role.USER) for _number in range(6)]
        ended = race(*(partial(change_role, actor=officer, membership=user, role=Role.ADMIN) for user in users))
        assert ended == {"done": 3, NoAdminSeat.__name__: 3}
        assert set(centre.memberships.filter(role=Role.ADMIN).values_list("seat", flat=True)) == {1, 2, 3}


def test_role_two_admins_who_demote_each_other_at_once_do_not_deadlock() -> None:
    for _round in range(5):
        _officer, admins, _user = people()
        first, second = admins[0], admins[1]
        ended = race(
            partial(change_role, actor=first, membership=second, role=Role.USER),
            partial(change_role, actor=second, membership=first, role=Role.USER),
        )
        assert ended == {"done": 1, "NotYoursToChange": 1}
