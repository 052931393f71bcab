"""A53 on a server database: two who approve at the same moment, two who ask, an approval against a refusal, staff who reset each other."""

from collections import Counter

import pytest
from django.db import connection

from accounts.helpdesk import factor_reset
from accounts.models import Factor, FactorReset
from accounts.people.reset_mfa import reset_member
from permissions.membership.flow import accept, open_membership
from permissions.roles import Role
from portal.audit.models import AuditEvent
from portal.outbox.models import Message
from tests.cast import Person, make_centre, make_member, make_person
from tests.racing import race

pytestmark = pytest.mark.services
ROUNDS = 5


@pytest.fixture(autouse=True)
def _server_database(server_db: None) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")


def staff(name: str) -> Person:
    return make_person(f"{name}@board.example", first_name=name, is_staff=True)


def request_for(person: Person, asker: Person) -> FactorReset:
    return factor_reset.ask_reset(actor=asker.user, person=person.user, reason="x")


def kinds() -> Counter[str]:
    return Counter(AuditEvent.objects.values_list("kind", flat=True))


def test_a53_of_two_who_approve_at_once_one_wins_and_the_other_is_told() -> None:
    asker, first, second = staff("anna"), staff("bob"), staff("carys")
    for number in range(ROUNDS):
        person = make_person(f"race{number}@glan.example")
        reset = request_for(person, asker)
        ended = race(
            lambda reset=reset: factor_reset.approve(actor=first.user, reset=reset),  # type: ignore[misc]
            lambda reset=reset: factor_reset.approve(actor=second.user, reset=reset),  # type: ignore[misc]
        )
        assert ended == {"done": 1, "AlreadyDecided": 1}
        assert not Factor.objects.filter(user=person.user).exists()
    assert kinds()["FACTORS_RESET"] == ROUNDS
    assert Message.objects.filter(kind="factor_changed").count() == ROUNDS


def test_a53_of_an_approval_and_a_refusal_at_once_one_counts() -> None:
    asker, first, second = staff("anna"), staff("bob"), staff("carys")
    for number in range(ROUNDS):
        reset = request_for(make_person(f"race{number}@glan.example"), asker)
        ended = race(
            lambda reset=reset: factor_reset.approve(actor=first.user, reset=reset),  # type: ignore[misc]
            lambda reset=reset: factor_reset.refuse(actor=second.user, reset=reset),  # type: ignore[misc]
        )
        assert ended == {"done": 1, "AlreadyDecided": 1}
        reset.refresh_from_db()
        assert reset.approved is not Factor.objects.filter(user=reset.user).exists()
    assert kinds()["FACTORS_RESET"] + kinds()["FACTOR_RESET_REFUSED"] == ROUNDS


def test_a53_of_two_who_ask_at_once_one_is_told_of_the_other() -> None:
    first, second = staff("anna"), staff("bob")
    for number in range(ROUNDS):
        person = make_person(f"race{number}@glan.example")
        ended = race(
            lambda person=person: request_for(person, first),  # type: ignore[misc]
            lambda person=person: request_for(person, second),  # type: ignore[misc]
        )
        assert ended == {"done": 1, "AlreadyAsked": 1}
    assert kinds()["FACTOR_RESET_ASKED"] == ROUNDS


def test_a53_two_of_staff_who_reset_each_other_do_not_wait_for_each_other() -> None:
    asker, first, second = staff("anna"), staff("bob"), staff("carys")
    for _number in range(ROUNDS):
        ours, theirs = request_for(first, asker), request_for(second, asker)
        ended = race(
            lambda theirs=theirs: factor_reset.approve(actor=first.user, reset=theirs),  # type: ignore[misc]
            lambda ours=ours: factor_reset.approve(actor=second.user, reset=ours),  # type: ignore[misc]
        )
        assert ended == {"done": 2}
        for person in (first, second):
            Factor.objects.create(user=person.user, method="app", name="app", seed=person.seed, confirmed=True)


def test_mfa4_two_managers_who_reset_one_user_at_once_reset_once() -> None:
    centre = make_centre()
    officer, admin = make_member(centre, Role.EXAMS_OFFICER, "eo@glan.example"), make_member(centre, Role.ADMIN, "admin@glan.example")
    for number in range(ROUNDS):
        place = make_member(centre, Role.USER, f"race{number}@glan.example").membership
        ended = race(
            lambda place=place: reset_member(actor=officer.user, membership=place),  # type: ignore[misc]
            lambda place=place: reset_member(actor=admin.user, membership=place),  # type: ignore[misc]
        )
        assert ended == {"done": 1, "NothingToReset": 1}
    assert kinds()["FACTORS_RESET"] == ROUNDS


def test_mfa4_a_reset_against_a_promotion_elsewhere_ends_one_way_or_the_other() -> None:
    centre = make_centre()
    officer = make_member(centre, Role.EXAMS_OFFICER, "eo@glan.example")
    for number in range(ROUNDS):
        person, other = make_member(centre, Role.USER, f"race{number}@glan.example"), make_centre(f"6900{number}", "Arall")
        place, raised = person.membership, open_membership(centre=other, role=Role.EXAMS_OFFICER)
        ended = race(
            lambda place=place: reset_member(actor=officer.user, membership=place),  # type: ignore[misc]
            lambda raised=raised, person=person: accept(membership=raised, user=person.user),  # type: ignore[misc]
        )
        assert ended in ({"done": 2}, {"done": 1, "NotYoursToReset": 1})
        assert Factor.objects.filter(user=person.user).exists() is ("NotYoursToReset" in ended)
