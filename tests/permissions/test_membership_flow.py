"""INV-2, INV-7: opening, accepting and closing places."""

from datetime import timedelta

import pytest

from permissions.access import ALWAYS
from permissions.levels import Level, Service
from permissions.membership.flow import accept, close_membership, open_membership
from permissions.membership.refusals import (
    AlreadyAMember,
    BeyondCeiling,
    EndDatePassed,
    ExamsOfficerExists,
    NoAdminSeat,
)
from permissions.models import Centre, Membership
from permissions.policy import default_rights
from permissions.roles import Role
from permissions.scope import given, holdings, today
from tests.permissions.people import new_centre, new_member, new_person

pytestmark = pytest.mark.django_db
EMBARGOED = (Service.RESULTS, Level.VIEW_EMBARGOED)


def test_inv2_three_admins_find_a_seat_and_the_fourth_is_told(centre: Centre) -> None:
    """The refusal is a sentence; nothing is left behind; another centre is untouched."""
    assert [open_membership(centre=centre, role=Role.ADMIN).seat for _ in range(3)] == [1, 2, 3]
    with pytest.raises(NoAdminSeat) as refused:
        open_membership(centre=centre, role=Role.ADMIN)
    assert str(refused.value.message) == "All 3 Admin accounts are in use"
    assert centre.memberships.count() == 3
    assert open_membership(centre=new_centre(), role=Role.ADMIN).seat == 1


def test_inv2_a_freed_seat_is_taken_again(centre: Centre) -> None:
    """Closing the second Admin's place frees seat 2."""
    places = [open_membership(centre=centre, role=Role.ADMIN) for _ in range(3)]
    close_membership(membership=places[1])
    assert open_membership(centre=centre, role=Role.ADMIN).seat == 2


def test_inv2_second_exams_officer_is_told(centre: Centre) -> None:
    """Also while the first is only invited."""
    open_membership(centre=centre, role=Role.EXAMS_OFFICER)
    with pytest.raises(ExamsOfficerExists):
        open_membership(centre=centre, role=Role.EXAMS_OFFICER)


@pytest.mark.parametrize("role", list(Role))
def test_role_defaults_are_written_when_a_place_is_opened(centre: Centre, role: Role) -> None:
    """A right is an explicit row, so the defaults are rows too."""
    assert given(open_membership(centre=centre, role=role)) == default_rights(role)


def test_role_one_admin_can_start_without_embargoed_results(centre: Centre) -> None:
    """Results under embargo can be taken from a single Admin, at the invite already."""
    place = open_membership(centre=centre, role=Role.ADMIN, rights=default_rights(Role.ADMIN) - {EMBARGOED})
    assert given(place) == default_rights(Role.ADMIN) - {EMBARGOED}


def test_role_a_user_cannot_be_opened_beyond_the_ceiling(centre: Centre) -> None:
    """A76: no A2C keys, no making of entries, no embargoed results for a User."""
    for right in default_rights(Role.ADMIN):
        if right not in default_rights(Role.USER) and right[1] in {Level.MAKE, Level.VIEW_EMBARGOED}:
            with pytest.raises(BeyondCeiling):
                open_membership(centre=centre, role=Role.USER, rights=[right])
    assert not centre.memberships.exists()


def test_role_resources_come_with_every_account_and_never_end(centre: Centre) -> None:
    """An end date bounds what was asked for, not the resources."""
    ends_on = today() + timedelta(days=3)
    entries = (Service.ENTRIES, Level.VIEW)
    place = open_membership(centre=centre, role=Role.USER, rights=[entries], ends_on=ends_on)
    assert holdings(place) == {entries: ends_on} | dict.fromkeys(ALWAYS, None)


def test_role_an_end_date_must_not_have_passed(centre: Centre) -> None:
    """Today is allowed, yesterday is not."""
    open_membership(centre=centre, role=Role.USER, rights=[], ends_on=today())
    with pytest.raises(EndDatePassed):
        open_membership(centre=centre, role=Role.USER, rights=[], ends_on=today() - timedelta(days=1))


def test_inv_a_place_is_accepted_once(centre: Centre) -> None:
    """The second to come is refused and the first keeps the place."""
    first, second = new_person(), new_person()
    place = open_membership(centre=centre, role=Role.USER)
    accept(membership=place, user=first)
    with pytest.raises(AlreadyAMember):
        accept(membership=place, user=second)
    place.refresh_from_db()
    assert place.user == first
    assert place.accepted_at is not None


def test_inv7_a_person_cannot_accept_a_second_place_at_the_same_centre(centre: Centre) -> None:
    """The transaction stays usable after the refusal."""
    person = new_person()
    new_member(centre, Role.USER, user=person)
    second = open_membership(centre=centre, role=Role.ADMIN)
    with pytest.raises(AlreadyAMember):
        accept(membership=second, user=person)
    assert Membership.objects.filter(user=person).count() == 1


def test_man2_closing_a_place_takes_its_grants(centre: Centre) -> None:
    """Nothing is left of the place; the person stays for their other centres."""
    person = new_person()
    elsewhere = new_member(new_centre(), Role.USER, user=person)
    place = new_member(centre, Role.ADMIN, user=person)
    close_membership(membership=place)
    assert list(person.memberships.all()) == [elsewhere]
    assert not place.grants.model.objects.filter(membership_id=place.pk).exists()
