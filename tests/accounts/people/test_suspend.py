"""MAN-5: an Exams Officer suspends a person at their centre. Sessions end at once, nothing opens, nothing is lost; nobody else may."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMultiAlternatives
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.invites.flow import resend
from accounts.models import Session
from accounts.people.delete import delete_member
from accounts.people.filters import Filters
from accounts.people.queries import people
from accounts.people.reset_mfa import reset_member
from accounts.people.suspend import NotYoursToSuspend, restore_member, suspend_member
from accounts.review.queries import register
from accounts.review.register import lines
from accounts.signin.accept import set_first_password
from accounts.signin.refusals import InviteGone
from accounts.succession import flow as succession
from permissions.access_pages.flow import answer, ask
from permissions.levels import Level, Service
from permissions.membership.access import set_rights
from permissions.membership.exams_officer import step_up
from permissions.membership.flow import accept, open_membership
from permissions.membership.role import change_role
from permissions.models import Membership
from permissions.policy import may_suspend
from permissions.roles import Role
from permissions.scope import given, managers_of
from portal import clock
from portal.audit.models import AuditEvent
from portal.web.refusal import Refusal
from tests.accounts.succession.asking import WISH
from tests.cast import Cast, Person, invite

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]


def page_of(person: Person) -> str:
    return reverse("suspend-user", args=[person.membership.pk])


def suspended(cast: Cast, person: Person) -> Membership:
    """Suspend somebody of the cast and return their place as it stood in an open page: read before."""
    place = person.membership
    assert suspend_member(actor=cast.exams_officer.user, membership=place)
    return place


def events(event: Event) -> int:
    return AuditEvent.objects.filter(number=event.number).count()


def test_man5_suspending_asks_first_then_ends_the_sessions_and_tells(cast: Cast, signed_in: SignIn, post: Post) -> None:
    officer, theirs = signed_in(cast.exams_officer), signed_in(cast.user)
    before = given(cast.user.membership)
    assert "signed out at once" in officer.get(page_of(cast.user)).content.decode()
    assert theirs.get(reverse("home")).status_code == 200
    officer.post(page_of(cast.user), {"deed": "suspend"})
    assert theirs.get(reverse("home")).status_code == 302
    assert not Session.objects.filter(user=cast.user.user).exists()
    again = signed_in(cast.user)
    assert "has suspended your access" in again.get(reverse("home")).content.decode()
    assert again.get(reverse("past-papers")).status_code == 403
    (letter,) = [one for one in post() if "suspended" in one.subject]
    assert letter.to == ["user@glan.example"]
    assert "Restore" in officer.get(page_of(cast.user)).content.decode()
    officer.post(page_of(cast.user), {"deed": "restore"})
    assert again.get(reverse("past-papers")).status_code == 200
    assert given(cast.user.membership) == before
    assert (events(Event.PLACE_SUSPENDED), events(Event.PLACE_RESTORED)) == (1, 1)


def test_man5_a_second_press_changes_nothing_and_an_unknown_deed_is_a_bad_request(cast: Cast, signed_in: SignIn) -> None:
    officer = signed_in(cast.exams_officer)
    for _press in range(2):
        assert officer.post(page_of(cast.user), {"deed": "suspend"}).status_code == 302
    assert events(Event.PLACE_SUSPENDED) == 1
    assert officer.post(page_of(cast.user), {"deed": "delete"}).status_code == 400


def test_man5_only_the_exams_officer_of_the_centre_may(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.admin).post(page_of(cast.user), {"deed": "suspend"}).status_code == 403
    assert signed_in(cast.user).post(page_of(cast.admin), {"deed": "suspend"}).status_code == 403
    assert signed_in(cast.other_exams_officer).post(page_of(cast.user), {"deed": "suspend"}).status_code == 404
    assert signed_in(cast.exams_officer).post(page_of(cast.exams_officer), {"deed": "suspend"}).status_code == 403
    for actor in (cast.admin, cast.user, cast.other_exams_officer, cast.staff):
        with pytest.raises(NotYoursToSuspend):
            suspend_member(actor=actor.user, membership=cast.user.membership)
    assert not Membership.objects.exclude(suspended_at=None).exists()


@pytest.mark.parametrize("actor", Role)
@pytest.mark.parametrize("target", Role)
def test_man5_who_may_suspend_whom(actor: Role, target: Role) -> None:
    assert may_suspend(actor, target, False) is (actor is Role.EXAMS_OFFICER and target is not Role.EXAMS_OFFICER)
    assert not may_suspend(actor, target, True)


def test_man5_another_centre_of_the_person_is_not_touched(cast: Cast, signed_in: SignIn) -> None:
    accept(membership=open_membership(centre=cast.other_centre, role=Role.USER), user=cast.user.user)
    suspend_member(actor=cast.exams_officer.user, membership=Membership.objects.get(user=cast.user.user, centre=cast.centre))
    page = signed_in(cast.user).get(reverse("home"))
    assert page.status_code == 200
    assert "Coleg y Cwm" in page.content.decode()
    assert "Ysgol Glan y Mor" not in page.content.decode()


def test_man5_a_suspended_admin_does_nothing_with_a_page_that_is_still_open(cast: Cast) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    request = ask(actor=cast.user.membership, rights=[(Service.ENTRIES, Level.VIEW)], purpose="Year 11")
    place, user = suspended(cast, cast.admin), cast.user.membership
    actor = cast.admin.user
    deeds: tuple[Callable[[], object], ...] = (
        lambda: invite(cast.admin, "rhian@glan.example"),
        lambda: resend(actor=actor, invitation=waiting),
        lambda: delete_member(actor=actor, membership=user),
        lambda: reset_member(actor=actor, membership=user),
        lambda: set_rights(actor=place, membership=user, rights=[]),
        lambda: change_role(actor=place, membership=user, role=Role.ADMIN),
        lambda: answer(actor=place, request=request, give=[], reason="No"),
        lambda: succession.ask(actor=actor, membership=place, wish=succession.Wish(**WISH)),
    )
    for deed in deeds:
        with pytest.raises(Refusal):
            deed()
    assert [one.user for one in managers_of(cast.centre)] == [cast.exams_officer.user]


def test_man5_a_suspended_user_asks_for_nothing(cast: Cast) -> None:
    place = suspended(cast, cast.user)
    with pytest.raises(Refusal):
        ask(actor=place, rights=[(Service.ENTRIES, Level.VIEW)], purpose="Year 11")


def test_a60_an_invite_of_a_suspended_admin_waits_until_they_are_restored(cast: Cast) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    suspended(cast, cast.admin)
    with pytest.raises(InviteGone), transaction.atomic():
        set_first_password(invitation=waiting, password="velvet compass 31", language="en")
    restore_member(actor=cast.exams_officer.user, membership=cast.admin.membership)
    assert set_first_password(invitation=waiting, password="velvet compass 31", language="en").email == "elin@glan.example"


def test_man1_the_list_the_filters_and_the_register_say_suspended(cast: Cast) -> None:
    suspended(cast, cast.user)
    reader = cast.exams_officer.membership
    names = {
        status: [row.email for row in people(reader=reader, filters=Filters(status=status), page=1).rows]
        for status in ("suspended", "active")
    }
    assert names["suspended"] == ["user@glan.example"]
    assert "user@glan.example" not in names["active"]
    assert [line for line in lines(register(cast.centre)) if "user@glan.example" in line and "Suspended" in line]
    (row,) = people(reader=reader, filters=Filters(status="suspended"), page=1).rows
    assert (str(row.state), row.suspended, row.may_suspend) == ("Suspended", True, True)


def test_man5_staff_and_the_exams_officer_do_not_undo_each_other(cast: Cast) -> None:
    suspended(cast, cast.user)
    cast.user.user.is_active = False
    cast.user.user.save()
    restore_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    cast.user.user.refresh_from_db()
    assert not cast.user.user.is_active


def test_inv2_a_suspended_admin_who_becomes_exams_officer_is_one_that_counts(cast: Cast) -> None:
    suspended(cast, cast.admin)
    delete = Membership.objects.filter(pk=cast.exams_officer.membership.pk)
    delete.delete()
    step_up(actor=cast.staff.user, place=cast.admin.membership)
    assert cast.admin.membership.counts


def test_man5_the_database_knows_no_suspended_exams_officer_and_no_suspended_invite(cast: Cast) -> None:
    held = open_membership(centre=cast.centre, role=Role.USER)
    for pk in (cast.exams_officer.membership.pk, held.pk):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.filter(pk=pk).update(suspended_at=clock.now())
