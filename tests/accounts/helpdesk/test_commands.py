"""The commands for a shell: the first staff, an Exams Officer, the demonstration (contract.md)."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.factors.totp.rules import code_at, step_at
from accounts.helpdesk.waiting import tasks_of
from accounts.management.demo_people import EXPIRED, PENDING, PEOPLE, password_of
from accounts.models import Factor, Invitation, User
from accounts.people.filters import Filters
from accounts.people.queries import people
from permissions.access_pages.queries import waiting_count
from permissions.models import AccessRequest, Centre, Grant, Membership
from permissions.review.queries import progress
from permissions.review.terms import term_of
from permissions.roles import Role
from permissions.scope import today
from portal import clock
from tests.cast import Person as Somebody
from tests.cast import let_in, make_centre


def said(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def test_inv2_an_exams_officer_is_invited_from_a_shell(db: None) -> None:
    make_centre("68997", "Ysgol y Stori")
    assert "nia@stori.example" in said("invite_exams_officer", "68997", "Nia Fflur Jones", "Nia@stori.example")
    invitation = Invitation.objects.get()
    assert (invitation.first_name, invitation.last_name, invitation.invited_by) == ("Nia", "Fflur Jones", None)
    for wrong in (("68997", "Huw", "h@x.example"), ("00000", "Huw", "h@x.example"), ("68997", "Huw", "h")):
        with pytest.raises(CommandError):
            said("invite_exams_officer", *wrong)


def test_staff_are_made_with_a_good_password_only(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", "password12")
    with pytest.raises(CommandError):
        said("create_staff", "sian@board.example", "Sian", "Morgan")
    monkeypatch.setenv("PORTAL_STAFF_PASSWORD", "pebble trumpet orchard 9")
    said("create_staff", "sian@board.example", "Sian", "Morgan")
    person = User.objects.get()
    assert person.is_staff
    assert not Factor.objects.exists()
    with pytest.raises(CommandError):
        said("create_staff", "SIAN@board.example", "Sian", "Morgan")


def test_demo_people_are_refused_outside_a_demonstration(db: None) -> None:
    with pytest.raises(CommandError):
        said("demo")
    assert not User.objects.exists()


def test_demo_people_are_as_the_contract_says_and_made_once(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.FILES_DIR = True, tmp_path
    settings.ROOT_URLCONF = "tests.accounts.helpdesk.demo_urls"
    first, second = said("demo"), said("demo")
    assert first == second
    roles = {role: Membership.objects.filter(centre__number="68999", user__isnull=False, role=role).count() for role in Role}
    assert roles == {Role.EXAMS_OFFICER: 1, Role.ADMIN: 2, Role.USER: 8}
    assert Centre.objects.get(number="68999").name == "Ysgol Enghraifft / Example School"
    assert Membership.objects.get(centre__number="68998").role == Role.EXAMS_OFFICER
    assert User.objects.filter(is_staff=True).count() == 2
    states = {email: Invitation.objects.get(email=email).expired(clock.now()) for email in (PENDING[2], EXPIRED[2])}
    assert states == {PENDING[2]: False, EXPIRED[2]: True}
    _is_alive(Centre.objects.get(number="68999"))
    for number, person in enumerate(PEOPLE, start=1):
        assert person.email in first
        assert person.key in first
        assert password_of(number) in first
        assert code_at(person.key, step_at(clock.now().timestamp()))


def _is_alive(centre: Centre) -> None:
    """Each list of managing people has something to show, and what a first visitor would try is still to be done."""
    assert waiting_count(centre) == 2
    assert [one.outcome for one in AccessRequest.objects.exclude(outcome="").order_by("decided_at")] == ["refused", "approved"]
    assert Grant.objects.filter(membership__centre=centre, ends_on__gt=clock.now()).count() == 2
    assert 0 < progress(centre, term_of(today())).confirmed < progress(centre, term_of(today())).total
    officer = Membership.objects.get(centre=centre, role=Role.EXAMS_OFFICER)
    dormant = people(reader=officer, filters=Filters(status="dormant"), page=1)
    assert [row.name for row in dormant.rows] == ["Megan Hughes", "Aled Morris"]
    assert [task.count for task in tasks_of(User.objects.get(email="david.clarke@helpdesk.example"))] == [1, 1]
    assert not AccessRequest.objects.filter(membership__user__email__startswith="lowri").exists()


def test_demo_people_sign_in_with_what_is_printed(db: None, settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.FILES_DIR = True, tmp_path
    settings.ROOT_URLCONF = "tests.accounts.helpdesk.demo_urls"
    said("demo")
    for number in (1, len(PEOPLE)):
        person = PEOPLE[number - 1]
        let_in(Somebody(User.objects.get(email=person.email), password_of(number), person.key))
