"""INV-2, ROLE: the database itself refuses, whatever code path asks."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from permissions.models import Centre, Grant, Membership
from permissions.roles import Role
from permissions.violations import violated
from portal import clock
from tests.permissions.people import new_centre, new_member, new_person

pytestmark = pytest.mark.django_db


def refuses(constraint: str, model: type[Any], **fields: Any) -> bool:
    """Insert a row behind all flows' backs and say whether exactly this constraint refused it."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.create(**fields)
    return violated(refused.value, model, constraint)


def test_inv2_second_exams_officer_is_refused_by_the_database(centre: Centre) -> None:
    """Accepted or only invited makes no difference; another centre may have its own."""
    Membership.objects.create(centre=centre, role=Role.EXAMS_OFFICER)
    assert refuses("membership_one_exams_officer", Membership, centre=centre, role=Role.EXAMS_OFFICER)
    Membership.objects.create(centre=new_centre(), role=Role.EXAMS_OFFICER)


def test_inv2_a_taken_admin_seat_is_refused_by_the_database(centre: Centre) -> None:
    """Three seats, each once; the same seat at another centre is free."""
    for seat in (1, 2, 3):
        Membership.objects.create(centre=centre, role=Role.ADMIN, seat=seat)
    for seat in (1, 2, 3):
        assert refuses("membership_admin_seat_taken_once", Membership, centre=centre, role=Role.ADMIN, seat=seat)
    Membership.objects.create(centre=new_centre(), role=Role.ADMIN, seat=1)


@pytest.mark.parametrize(
    ("role", "seat"),
    [
        (Role.ADMIN, None),
        (Role.ADMIN, 0),
        (Role.ADMIN, 4),
        (Role.USER, 1),
        (Role.EXAMS_OFFICER, 1),
        ("principal", None),
    ],
)
def test_inv2_fourth_admin_is_refused_by_the_database(centre: Centre, role: str, seat: int | None) -> None:
    """There is no fourth seat, no Admin without a seat, no seat for anybody else, no other role."""
    assert refuses("membership_seat_agrees_with_role", Membership, centre=centre, role=role, seat=seat)


def test_inv2_a_user_cannot_be_made_admin_past_the_seats(centre: Centre) -> None:
    """A71: a change of role runs into the same constraints."""
    place = new_member(centre, Role.USER)
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(pk=place.pk).update(role=Role.ADMIN)


def test_inv7_a_person_has_one_place_at_a_centre(centre: Centre) -> None:
    """The same person may have places at several centres, one each."""
    place = new_member(centre, Role.USER)
    taken = {"role": Role.USER, "user": place.user, "accepted_at": clock.now()}
    assert refuses("membership_one_place_a_person", Membership, centre=centre, **taken)
    Membership.objects.create(centre=new_centre(), **taken)


def test_inv_a_place_is_accepted_exactly_when_it_has_a_person(centre: Centre) -> None:
    """Neither a person without a time nor a time without a person."""
    rule = "membership_accepted_with_a_person"
    assert refuses(rule, Membership, centre=centre, role=Role.USER, user=new_person())
    assert refuses(rule, Membership, centre=centre, role=Role.USER, accepted_at=clock.now())


def test_role_a_grant_outside_the_table_is_refused_by_the_database(centre: Centre) -> None:
    """Only pairs of the access table, each once a membership."""
    place = new_member(centre, Role.USER)
    for service, level in (("entries", "manage"), ("resources", "make"), ("money", "view")):
        assert refuses("grant_is_in_the_access_table", Grant, membership=place, service=service, level=level)
    assert refuses("grant_once", Grant, membership=place, service="resources", level="view")


@pytest.mark.parametrize("number", ["1234", "123456", "1234a", "12345\n", "", "\N{FULLWIDTH DIGIT ONE}2345"])
def test_centre_number_has_five_digits(db: None, number: str) -> None:
    """Strings of five ASCII digits, nothing else."""
    with pytest.raises(Exception, match=r"centre_number|too long"), transaction.atomic():
        Centre.objects.create(number=number, name="Example School")


def test_centre_number_is_given_once(centre: Centre) -> None:
    """No two centres share a number."""
    with pytest.raises(IntegrityError), transaction.atomic():
        Centre.objects.create(number=centre.number, name="Another School")


def test_centre_with_people_cannot_be_deleted(centre: Centre) -> None:
    """People never vanish with a centre by accident."""
    new_member(centre, Role.USER)
    with pytest.raises(ProtectedError):
        centre.delete()


def test_violated_knows_only_constraints_of_the_model() -> None:
    """A misspelt name is a mistake, not "no"."""
    with pytest.raises(LookupError):
        violated(IntegrityError(), Membership, "membership_two_exams_officers")
