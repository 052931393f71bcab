"""SIGN-7, A78: with several centres, a form acts for the centre it was opened for or not at all."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from permissions.centre_mark import FIELD
from permissions.membership.flow import close_membership
from permissions.models import Grant, Membership
from permissions.roles import Role
from tests.cast import Cast, Person
from tests.permissions.people import new_member

SignIn = Callable[[Person], Client]


@pytest.fixture
def both(cast: Cast) -> tuple[Membership, Membership]:
    """The Admin of the first centre is an Admin of the other too."""
    return cast.admin.membership, new_member(cast.other_centre, Role.ADMIN, user=cast.admin.user)


def choose(browser: Client, place: Membership) -> None:
    assert browser.post(reverse("choose-centre"), {"membership": str(place.pk)}).status_code == 302


def fields_of(page: str) -> dict[str, str]:
    """Return the hidden fields of the page's own form."""
    main = page.partition("<main")[2]
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', main))


def test_a78_a_form_of_the_other_centre_is_refused_with_a_clear_message(
    cast: Cast, signed_in: SignIn, both: tuple[Membership, Membership]
) -> None:
    here, there = both
    browser, address = signed_in(cast.admin), reverse("manage-access", args=[cast.user.membership.pk])
    choose(browser, here)
    fields = fields_of(browser.get(address).content.decode())
    assert fields[FIELD] == str(here.pk)
    choose(browser, there)
    answer = browser.post(address, {**fields, "rights": ["entries.view"]})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Nothing was changed." in page
    assert cast.centre.number in page
    assert cast.other_centre.number in page
    assert not Grant.objects.filter(membership=cast.user.membership, service="entries").exists()
    choose(browser, here)
    assert browser.post(address, {**fields, "rights": ["entries.view"]}).status_code == 302
    assert Grant.objects.filter(membership=cast.user.membership, service="entries").exists()


@pytest.mark.parametrize("name", ["invite-user", "manage-users", "trail", "my-access", "trail-export"])
def test_a78_every_form_that_acts_for_a_centre_needs_the_mark(
    cast: Cast, signed_in: SignIn, both: tuple[Membership, Membership], name: str
) -> None:
    here, there = both
    browser = signed_in(cast.admin)
    choose(browser, here)
    for marks in ([], [""], [str(there.pk)], [str(here.pk), str(there.pk)], ["nonsense"]):
        assert browser.post(reverse(name), {FIELD: marks}).status_code == 409, marks
    assert browser.post(reverse(name), {FIELD: [str(here.pk)] * 2}).status_code != 409


def test_a78_somebody_who_lost_the_centre_meanwhile_changes_nothing_at_the_other(
    cast: Cast, signed_in: SignIn, both: tuple[Membership, Membership]
) -> None:
    _here, there = both
    browser = signed_in(cast.admin)
    choose(browser, there)
    mark = fields_of(browser.get(reverse("my-access")).content.decode()).get(FIELD, str(there.pk))
    close_membership(membership=there)
    assert browser.post(reverse("my-access"), {FIELD: mark}).status_code == 409
    assert browser.get(reverse("home")).status_code == 200


def test_sign7_name_and_number_stand_on_every_page_and_one_centre_needs_no_mark(
    cast: Cast, signed_in: SignIn, both: tuple[Membership, Membership]
) -> None:
    browser = signed_in(cast.admin)
    choose(browser, both[1])
    for name in ("home", "services", "manage-users", "invite-user", "profile", "security", "trail", "access-requests", "help", "terms"):
        page = browser.get(reverse(name)).content.decode()
        assert f"<strong>{cast.other_centre.name}</strong> {cast.other_centre.number}" in page, name
        assert "Switch centre" in page, name
    assert browser.get("/nowhere/").content.decode().count(cast.other_centre.number) == 1
    single = signed_in(cast.exams_officer)
    assert FIELD not in single.get(reverse("invite-user")).content.decode()
    assert single.post(reverse("manage-users")).status_code == 302
