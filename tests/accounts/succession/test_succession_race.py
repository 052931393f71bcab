"""INV-2 on a server database: two who ask, two who decide, a decision against a withdrawal, two answers of the head of centre."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import Stage, Succession
from accounts.succession import deciding, flow, head
from permissions.models import Membership
from permissions.roles import Role
from portal.outbox.models import Message
from tests.accounts.succession.asking import WISH
from tests.cast import Cast, make_cast, make_person
from tests.racing import race

pytestmark = pytest.mark.services


@pytest.fixture
def people(server_db: None) -> Cast:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    reverse("change-exams-officer")  # reads all addresses now, and not while a lock is held
    return make_cast()


def ask(person: object, place: Membership) -> Succession:
    return flow.ask(actor=person, membership=place, wish=flow.Wish(**WISH))  # type: ignore[arg-type]


def secret() -> str:
    return str(Message.objects.filter(kind="succession_confirm").latest("created_at").secret)


def test_of_two_who_ask_at_once_one_case_is_opened(people: Cast) -> None:
    first, second = people.admin, people.exams_officer
    places = first.membership, second.membership
    ended = race(lambda: ask(first.user, places[0]), lambda: ask(second.user, places[1]))
    assert ended == {"done": 1, "CaseOpen": 1}
    assert Succession.objects.count() == 1


def test_two_who_decide_and_one_who_withdraws_end_in_one_way_with_one_exams_officer(people: Cast) -> None:
    other = make_person("second@board.example", is_staff=True)
    case = ask(people.admin.user, people.admin.membership)
    place, reference = people.admin.membership, secret()
    assert race(lambda: head.answer(reference=reference, confirmed=True), lambda: head.answer(reference=reference, confirmed=False)) == {
        "done": 1,
        "BadCaseReference": 1,
    }
    case.refresh_from_db()
    if case.stage == Stage.DECLINED:
        case = ask(people.admin.user, place)
        head.answer(reference=secret(), confirmed=True)
    ended = race(
        lambda: deciding.approve(actor=people.staff.user, case=case, after="leaves", reason="x"),
        lambda: deciding.approve(actor=other.user, case=case, after="user", reason="x"),
        lambda: flow.withdraw(actor=people.admin.user, membership=place, case=case),
    )
    assert ended["done"] == 1
    case.refresh_from_db()
    officer = Membership.objects.get(centre=people.centre, role=Role.EXAMS_OFFICER)
    assert (officer.user is None) == (case.stage == Stage.DONE)
