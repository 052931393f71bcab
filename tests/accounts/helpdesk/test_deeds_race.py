"""MAN-2, MAN-5: freezing, suspending and deleting at the same instant as an acceptance, a sign-in or a change of access, on a database server.

The outcome is that of one deed after the other, whoever is faster; nobody meets an error or a deadlock.
"""

from collections.abc import Callable
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.helpdesk.flow import restore, suspend
from accounts.models import Factor, Session, User
from accounts.people.delete import delete_member
from accounts.people.suspend import restore_member, suspend_member
from accounts.signin.accept import join_centre, set_first_password
from permissions.access import ALWAYS
from permissions.centres.flow import freeze, reactivate
from permissions.events import Event
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.role import change_role
from permissions.models import Membership
from permissions.roles import Role
from permissions.scope import given
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, half_sign_in, invite, let_in, make_cast, make_member
from tests.racing import race

pytestmark = pytest.mark.services
ROUNDS = 6
PASSWORD = "velvet compass 31"


@pytest.fixture
def people(server_db: None) -> Cast:
    """The cast, on a database that threads share for real."""
    if connection.vendor != "postgresql":
        pytest.skip("needs PostgreSQL")
    reverse("home")  # reads all addresses now, and not while a lock is held
    return make_cast()


def code_given(person: Person) -> tuple[Client, Callable[[], int]]:
    """Return a browser whose password was right, and the deed of giving its code: the status it is answered with."""
    browser = half_sign_in(person)
    Factor.objects.filter(user=person.user).update(last_step=0)

    def sign_in() -> int:
        status = browser.post(reverse("sign-in-factor"), {"code": person.app_code()}).status_code
        assert status < 500
        return status

    return browser, sign_in


def is_out(browser: Client, person: Person) -> bool:
    """Say whether nothing is left of somebody's sign-in."""
    answer = browser.get(reverse("home"))
    return answer.status_code == 302 and not Session.objects.filter(user=person.user).exists()


def test_man5_a_centre_is_frozen_while_an_invite_is_accepted(people: Cast) -> None:
    for number in range(ROUNDS):
        waiting = invite(people.admin, f"e{number}@glan.example")
        ended = race(
            partial(freeze, actor=people.staff.user, centre=people.centre),
            partial(set_first_password, invitation=waiting, password=PASSWORD, language="en"),
        )
        assert ended in ({"done": 2}, {"done": 1, "InviteGone": 1})
        accepted = User.objects.filter(email=waiting.email).exists()
        assert accepted is (ended["done"] == 2)
        assert Membership.objects.filter(user__email=waiting.email).exists() is accepted
        reactivate(actor=people.staff.user, centre=people.centre)


def test_man5_a_centre_is_frozen_while_its_people_are_at_work(people: Cast) -> None:
    officer, admin, user = people.exams_officer.membership, people.admin.membership, people.user.membership
    for number in range(ROUNDS):
        ended = race(
            partial(freeze, actor=people.staff.user, centre=people.centre),
            partial(invite, people.admin, f"f{number}@glan.example"),
            partial(change_role, actor=officer, membership=user, role=Role.USER if number % 2 else Role.ADMIN),
            partial(set_rights, actor=admin, membership=user, rights=[(Service.ENTRIES, Level.VIEW)] if number % 2 else []),
        )
        assert ended.keys() <= {"done", "NotYoursToInvite", "NotYoursToChange"}, ended
        reactivate(actor=people.staff.user, centre=people.centre)


def test_man5_a_person_is_suspended_while_they_sign_in(people: Cast) -> None:
    for number in range(ROUNDS):
        browser, sign_in = code_given(people.user)
        deeds = [sign_in, partial(suspend, actor=people.staff.user, person=people.user.user)]
        assert race(*(deeds if number % 2 else reversed(deeds))) == {"done": 2}
        assert is_out(browser, people.user)
        restore(actor=people.staff.user, person=people.user.user)
        assert is_out(browser, people.user), "a session does not come to life again"


def test_man5_an_exams_officer_suspends_a_person_while_they_sign_in(people: Cast) -> None:
    for _round in range(ROUNDS):
        browser, sign_in = code_given(people.user)
        assert race(sign_in, partial(suspend_member, actor=people.exams_officer.user, membership=people.user.membership)) == {"done": 2}
        assert browser.get(reverse("past-papers")).status_code in {302, 403}
        restore_member(actor=people.exams_officer.user, membership=people.user.membership)
        Session.objects.all().delete()


def test_man2_a_person_is_deleted_while_they_sign_in(people: Cast) -> None:
    for number in range(ROUNDS):
        person = make_member(people.centre, Role.USER, f"d{number}@glan.example")
        browser, sign_in = code_given(person)
        assert race(sign_in, partial(delete_member, actor=people.exams_officer.user, membership=person.membership)) == {"done": 2}
        assert browser.get(reverse("home")).status_code == 302
        assert not User.objects.filter(pk=person.user.pk).exists()


def test_f28_suspended_and_deleted_at_once_with_sessions_meet_no_deadlock(people: Cast) -> None:
    for number in range(ROUNDS):
        person = make_member(people.centre, Role.USER, f"s{number}@glan.example")
        for _browser in range(3):
            let_in(person)
        place = person.membership
        ended = race(
            partial(suspend, actor=people.staff.user, person=person.user),
            partial(delete_member, actor=people.exams_officer.user, membership=place),
            partial(suspend_member, actor=people.exams_officer.user, membership=place),
        )
        assert ended.keys() <= {"done", "NotYoursToSuspend"}, ended
        assert not User.objects.filter(pk=person.user.pk).exists()


def test_a60_an_inviter_is_suspended_while_their_invite_is_accepted(people: Cast) -> None:
    for number in range(ROUNDS):
        waiting, place = invite(people.admin, f"i{number}@glan.example"), people.admin.membership
        by_staff = partial(suspend, actor=people.staff.user, person=people.admin.user)
        by_officer = partial(suspend_member, actor=people.exams_officer.user, membership=place)
        ended = race(
            by_staff if number % 2 else by_officer, partial(set_first_password, invitation=waiting, password=PASSWORD, language="en")
        )
        assert ended in ({"done": 2}, {"done": 1, "InviteGone": 1})
        assert User.objects.filter(email=waiting.email).exists() is (ended["done"] == 2)
        restore(actor=people.staff.user, person=people.admin.user)
        restore_member(actor=people.exams_officer.user, membership=place)


def test_role_a_person_is_suspended_while_their_type_and_access_change(people: Cast) -> None:
    officer, admin, place = people.exams_officer.membership, people.admin.membership, people.user.membership
    for number in range(ROUNDS):
        ended = race(
            partial(suspend, actor=people.staff.user, person=people.user.user),
            partial(suspend_member, actor=people.exams_officer.user, membership=place),
            partial(change_role, actor=officer, membership=place, role=Role.USER if number % 2 else Role.ADMIN),
            partial(set_rights, actor=admin, membership=place, rights=[]),
        )
        assert ended == {"done": 4}
        assert Membership.objects.get(pk=place.pk).suspended_at is not None
        restore(actor=people.staff.user, person=people.user.user)
        restore_member(actor=people.exams_officer.user, membership=place)


def test_man5_two_who_are_at_each_other_end_as_if_one_was_first(people: Cast) -> None:
    """An Exams Officer suspends an Admin who deletes a User at the same instant."""
    for number in range(ROUNDS):
        person = make_member(people.centre, Role.USER, f"t{number}@glan.example")
        admin, place = people.admin.membership, person.membership
        ended = race(
            partial(suspend_member, actor=people.exams_officer.user, membership=admin),
            partial(delete_member, actor=people.admin.user, membership=place),
        )
        assert ended in ({"done": 2}, {"done": 1, "NotYoursToDelete": 1})
        assert User.objects.filter(pk=person.user.pk).exists() is (ended["done"] == 1)
        restore_member(actor=people.exams_officer.user, membership=admin)


def test_inv7_a_person_is_deleted_at_their_last_centre_while_they_join_another(people: Cast) -> None:
    """Either they joined and stay a person, or they are gone and the other centre's invite waits for them with a temporary password."""
    for number in range(ROUNDS):
        person = make_member(people.centre, Role.USER, f"j{number}@glan.example")
        waiting, place, session = invite(people.other_exams_officer, person.user.email), person.membership, let_in(person).session
        ended = race(
            partial(join_centre, invitation=waiting, person=person.user, session=session),
            partial(delete_member, actor=people.exams_officer.user, membership=place),
        )
        assert ended in ({"done": 2}, {"done": 1, "InviteGone": 1})
        waiting.refresh_from_db()
        stays = ended["done"] == 2
        assert User.objects.filter(pk=person.user.pk).exists() is stays
        assert (waiting.accepted_at is not None) is stays
        assert Membership.objects.filter(user=person.user.pk, centre=people.other_centre).exists() is stays
        assert bool(waiting.password_hash) is not stays


def test_role_two_admins_who_change_one_grant_at_once_leave_what_one_of_them_chose(people: Cast) -> None:
    """Each event says what its deed found and left, so that the trail adds up to what stands."""
    second = make_member(people.centre, Role.ADMIN, "second@glan.example")
    place = make_member(people.centre, Role.USER, "one@glan.example").membership
    entries, scripts = (Service.ENTRIES, Level.VIEW), (Service.VIEW_SCRIPTS, Level.VIEW)
    for _round in range(ROUNDS):
        ended = race(
            partial(set_rights, actor=people.admin.membership, membership=place, rights=[entries]),
            partial(set_rights, actor=second.membership, membership=place, rights=[scripts]),
        )
        assert ended == {"done": 2}
        assert given(place) - ALWAYS in ({entries}, {scripts})
    standing: set[str] = set()
    for event in AuditEvent.objects.filter(number=Event.ACCESS_CHANGED.number).order_by("pk"):
        assert not standing & set(event.detail["added"])
        standing = (standing | set(event.detail["added"])) - set(event.detail["taken"])
    assert standing == {f"{service.value}.{level.value}" for service, level in given(place) - ALWAYS}
