"""HELP-1: centres in the help desk's admin."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from permissions.centres.flow import freeze, reactivate
from permissions.events import Event
from permissions.models import Centre
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person

SignIn = Callable[[Person], Client]


def events(event: Event) -> int:
    """Count the audit events of a kind."""
    return AuditEvent.objects.filter(number=event.number).count()


def test_help1_staff_add_and_correct_a_centre(cast: Cast, signed_in: SignIn) -> None:
    """Each leaves one event; the number cannot be changed afterwards."""
    browser = signed_in(cast.staff)
    details = {"number": "68997", "name": "Ysgol Newydd", "country": "wales"}
    browser.post(reverse("admin:permissions_centre_add"), details)
    centre = Centre.objects.get(number="68997")
    url = reverse("admin:permissions_centre_change", args=[centre.pk])
    browser.post(url, {"number": "11111", "name": "Ysgol Newydd Iawn", "country": "wales"})
    centre.refresh_from_db()
    assert (centre.number, centre.name) == ("68997", "Ysgol Newydd Iawn")
    assert (events(Event.CENTRE_ADDED), events(Event.CENTRE_CHANGED)) == (1, 1)
    assert "Invite Exams Officer" in browser.get(url).content.decode()


@pytest.mark.parametrize("number", ["1234", "123456", "abcde", "\N{FULLWIDTH DIGIT SIX}8997"])
def test_help1_a_centre_number_has_five_digits(cast: Cast, signed_in: SignIn, number: str) -> None:
    """The form says so and nothing is added."""
    details = {"number": number, "name": "Ysgol Newydd", "country": "wales"}
    response = signed_in(cast.staff).post(reverse("admin:permissions_centre_add"), details)
    assert response.status_code == 200
    assert Centre.objects.count() == 2


def test_man5_freezing_is_done_once_and_undone(cast: Cast) -> None:
    """A second freeze changes nothing and records nothing."""
    actor = cast.staff.user
    assert freeze(actor=actor, centre=cast.centre)
    assert not freeze(actor=actor, centre=cast.centre)
    assert reactivate(actor=actor, centre=cast.centre)
    assert not reactivate(actor=actor, centre=cast.centre)
    assert (events(Event.CENTRE_FROZEN), events(Event.CENTRE_REACTIVATED)) == (1, 1)


def test_help1_centres_are_not_deleted(cast: Cast, signed_in: SignIn) -> None:
    """Not even by a superuser."""
    url = reverse("admin:permissions_centre_delete", args=[cast.centre.pk])
    assert signed_in(cast.staff).post(url, {"post": "yes"}).status_code == 403
