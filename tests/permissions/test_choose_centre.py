"""SIGN-7: somebody of several centres chooses one, sees it, and can switch."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from permissions.models import Centre, Membership
from permissions.roles import Role
from portal import clock
from tests.cast import Cast, Person
from tests.permissions.people import new_member

SignIn = Callable[[Person], Client]


@pytest.fixture
def elsewhere(cast: Cast) -> Membership:
    """The User of the first centre is an Admin of the other."""
    return new_member(cast.other_centre, Role.ADMIN, user=cast.user.user)


def choose(browser: Client, place: Membership) -> str:
    """Choose a place and return where that leads."""
    response = browser.post(reverse("choose-centre"), {"membership": str(place.pk)})
    return response.headers.get("Location", "")


def test_sign7_a_choice_is_asked_for_and_kept(cast: Cast, signed_in: SignIn, elsewhere: Membership) -> None:
    """Pages lead to the choice; after it name the centre; a switch changes what opens."""
    here = Membership.objects.get(user=cast.user.user, centre=cast.centre)
    browser = signed_in(cast.user)
    for name in ("home", "services", "entries", "a2c-keys"):
        assert browser.get(reverse(name)).headers["Location"] == reverse("choose-centre")
    page = browser.get(reverse("choose-centre")).content.decode()
    assert cast.centre.number in page
    assert cast.other_centre.number in page
    assert choose(browser, here) == reverse("home")
    assert cast.centre.number in browser.get(reverse("home")).content.decode()
    assert browser.get(reverse("a2c-keys")).status_code == 403
    assert choose(browser, elsewhere) == reverse("home")
    assert cast.other_centre.number in browser.get(reverse("home")).content.decode()
    assert browser.get(reverse("a2c-keys")).status_code == 200


def test_a78_somebody_elses_place_cannot_be_chosen(cast: Cast, signed_in: SignIn, elsewhere: Membership) -> None:
    """Nor nonsense, nor a frozen centre; the page says so and nothing changes."""
    browser = signed_in(cast.user)
    choose(browser, elsewhere)
    Centre.objects.filter(pk=cast.centre.pk).update(frozen_at=clock.now())
    frozen = Membership.objects.get(user=cast.user.user, centre=cast.centre)
    for asked in (str(cast.admin.membership.pk), str(frozen.pk), "nonsense", ""):
        response = browser.post(reverse("choose-centre"), {"membership": asked})
        assert response.status_code == 200
        assert "Choose one of your centres." in response.content.decode()
    assert cast.other_centre.number in browser.get(reverse("home")).content.decode()


def test_sign7_with_one_centre_nothing_is_asked(cast: Cast, signed_in: SignIn) -> None:
    """The only centre is the chosen one."""
    assert signed_in(cast.user).get(reverse("home")).status_code == 200
