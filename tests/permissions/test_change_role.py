"""ROLE, A71, MAN-2: an account's type changes only within INV-2's numbers and the table; nobody changes their own or the Exams Officer's."""

from collections.abc import Callable
from itertools import product

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from django.test import Client
from django.urls import reverse

from permissions.access import TABLE
from permissions.events import Event
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.flow import open_membership
from permissions.membership.refusals import NoAdminSeat, NotYoursToChange
from permissions.membership.role import change_role
from permissions.models import Membership
from permissions.policy import ceiling, default_rights
from permissions.roles import Role
from permissions.scope import given
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, invite

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
EMBARGOED, SCRIPTS = (Service.RESULTS, Level.VIEW_EMBARGOED), (Service.VIEW_SCRIPTS, Level.VIEW)


def test_role_a_user_becomes_an_admin_with_what_admins_have_and_is_told(cast: Cast, post: Post) -> None:
    assert change_role(actor=cast.exams_officer.membership, membership=cast.user.membership, role=Role.ADMIN)
    place = cast.user.membership
    assert (place.role, place.seat) == (Role.ADMIN, 2)
    assert given(place) == default_rights(Role.ADMIN)
    (mail,) = post()
    assert mail.to == ["user@glan.example"]
    assert "You now have an Admin account" in mail.body
    event = AuditEvent.objects.get(number=Event.ROLE_CHANGED.number)
    assert (event.actor_name, event.detail["before"], event.detail["role"]) == ("Nia Jones", "user", "admin")


def test_role_an_admin_becomes_a_user_and_loses_what_users_never_have(cast: Cast, post: Post) -> None:
    assert change_role(actor=cast.exams_officer.membership, membership=cast.admin.membership, role=Role.USER)
    place = cast.admin.membership
    assert (place.role, place.seat) == (Role.USER, None)
    assert given(place) == ceiling(Role.USER)
    assert "You now have a User account" in post()[0].body
    assert not change_role(actor=cast.exams_officer.membership, membership=place, role=Role.USER)
    assert post() == []


def test_a71_the_fourth_admin_by_promotion_is_refused_pending_invites_included(cast: Cast) -> None:
    invite(cast.exams_officer, "a2@glan.example", role=Role.ADMIN)
    open_membership(centre=cast.centre, role=Role.ADMIN)
    with pytest.raises(NoAdminSeat):
        change_role(actor=cast.exams_officer.membership, membership=cast.user.membership, role=Role.ADMIN)
    assert cast.user.membership.role == Role.USER


def test_a76_a_promotion_gives_nothing_that_the_giver_lacks(cast: Cast) -> None:
    admin = cast.admin.membership
    set_rights(actor=cast.exams_officer.membership, membership=admin, rights=set(TABLE) - {EMBARGOED, SCRIPTS})
    change_role(actor=admin, membership=cast.user.membership, role=Role.ADMIN)
    assert given(cast.user.membership) == set(TABLE) - {EMBARGOED, SCRIPTS}


def test_role_who_may_change_whose_type(cast: Cast) -> None:
    whos, whoms = ("exams_officer", "admin", "user", "other_exams_officer"), ("exams_officer", "admin", "user")
    for who, whom, role in product(whos, whoms, Role):
        actor, target = getattr(cast, who).membership, getattr(cast, whom).membership
        allowed = who in {"exams_officer", "admin"} and whom not in {"exams_officer", who} and role is not Role.EXAMS_OFFICER
        with transaction.atomic():
            if allowed:
                assert change_role(actor=actor, membership=target, role=role) is (target.role != role)
            else:
                with pytest.raises(NotYoursToChange):
                    change_role(actor=actor, membership=target, role=role)
                assert Membership.objects.get(pk=target.pk).role == target.role
            transaction.set_rollback(True)


def test_role_the_page_says_what_changes_and_does_it(cast: Cast, signed_in: SignIn) -> None:
    browser, address = signed_in(cast.exams_officer), reverse("change-role", args=[cast.admin.membership.pk])
    assert address in browser.get(reverse("manage-access", args=[cast.admin.membership.pk])).content.decode()
    page = browser.get(address).content.decode()
    assert "A2C Access Keys" in page
    assert "Make this a User account" in page
    theirs = signed_in(cast.admin)
    assert browser.post(address, {"role": "exams_officer"}).status_code == 400
    assert browser.post(address, {"role": "user"}, follow=True).status_code == 200
    assert theirs.get(reverse("manage-users")).status_code == 403
    assert browser.get(reverse("change-role", args=[cast.exams_officer.membership.pk])).status_code == 403


def test_a71_the_page_says_that_all_seats_are_taken(cast: Cast, signed_in: SignIn) -> None:
    for _seat in range(2):
        open_membership(centre=cast.centre, role=Role.ADMIN)
    browser = signed_in(cast.exams_officer)
    page = browser.post(reverse("change-role", args=[cast.user.membership.pk]), {"role": "admin"}, follow=True).content.decode()
    assert "All 3 Admin accounts are in use" in page
