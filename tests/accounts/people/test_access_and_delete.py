"""MAN-1 and MAN-2: Manage Access and Delete User, through requests and flows."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.invites.queries import standings
from accounts.invites.states import InviteState
from accounts.models import Code, Factor, Invitation, Session, User
from accounts.people.delete import delete_by_staff, delete_member
from accounts.people.refusals import NotYoursToDelete
from permissions.membership.flow import accept, open_membership
from permissions.models import Grant, Membership
from permissions.roles import Role
from portal import clock
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, invite, make_member

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]


def rights_of(person: Person) -> set[tuple[str, str]]:
    return set(Grant.objects.filter(membership__user=person.user).values_list("service", "level"))


def access(person: Person) -> str:
    return reverse("manage-access", args=[person.membership.pk])


def deletion(person: Person) -> str:
    return reverse("delete-user", args=[person.membership.pk])


def test_man1_access_is_prefilled_and_changes_at_the_next_request(cast: Cast, signed_in: SignIn) -> None:
    theirs, ours = signed_in(cast.user), signed_in(cast.admin)
    page = ours.get(access(cast.user)).content.decode()
    assert "Changes take effect at once" in page
    assert "Never for a User account" in page
    assert "Always included" in page
    answer = ours.post(access(cast.user), {"rights": ["entries.view", "iamis.enter_marks"]}, follow=True)
    assert "Access changed: Lowri Price" in answer.content.decode()
    assert rights_of(cast.user) == {("entries", "view"), ("iamis", "enter_marks"), ("resources", "view")}
    assert "checked" in ours.get(access(cast.user)).content.decode()
    ours.post(access(cast.user), {"rights": []})
    assert rights_of(cast.user) == {("resources", "view")}
    assert theirs.get(reverse("home")).status_code == 200


def test_man1_access_can_end_on_a_day(cast: Cast, signed_in: SignIn) -> None:
    browser, day = signed_in(cast.admin), (clock.london(clock.now()) + timedelta(days=9)).date()
    browser.post(access(cast.user), {"rights": ["entries.view"], "ends_on": day.isoformat()})
    assert Grant.objects.get(membership__user=cast.user.user, service="entries").ends_on == day
    assert f'value="{day.isoformat()}"' in browser.get(access(cast.user)).content.decode()
    page = browser.post(access(cast.user), {"rights": ["entries.view"], "ends_on": "2020-01-01"}).content.decode()
    assert "The end date must be today or later" in page


def test_role_the_embargo_can_be_taken_from_a_single_admin(cast: Cast, signed_in: SignIn) -> None:
    everything = ["a2c_keys.manage", "iamis.enter_marks", "access_arrangements.manage", "entries.view", "entries.make",
                  "results.view_released", "view_scripts.view"]  # fmt: skip
    signed_in(cast.exams_officer).post(access(cast.admin), {"rights": everything})
    assert ("results", "view_embargoed") not in rights_of(cast.admin)
    assert len(rights_of(cast.admin)) == 8


@pytest.mark.parametrize("right", ["a2c_keys.manage", "entries.make", "results.view_embargoed"])
def test_a76_what_a_user_never_has_cannot_be_posted(cast: Cast, signed_in: SignIn, right: str) -> None:
    before = rights_of(cast.user)
    page = signed_in(cast.exams_officer).post(access(cast.user), {"rights": [right]}).content.decode()
    assert "This access cannot be given to this account" in page
    assert rights_of(cast.user) == before


def test_a73_an_admin_changes_or_deletes_no_exams_officer(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    for url in (access(cast.exams_officer), deletion(cast.exams_officer)):
        assert browser.get(url).status_code == 403
        assert browser.post(url, {"rights": []}).status_code == 403
    assert User.objects.filter(pk=cast.exams_officer.user.pk).exists()
    assert len(rights_of(cast.exams_officer)) == 9


def test_a81_nobody_changes_or_deletes_themselves(cast: Cast, signed_in: SignIn) -> None:
    for person in (cast.exams_officer, cast.admin):
        browser = signed_in(person)
        for url in (access(person), deletion(person)):
            assert browser.get(url).status_code == 403
            assert browser.post(url, {"rights": []}).status_code == 403
        with pytest.raises(NotYoursToDelete):
            delete_member(actor=person.user, membership=person.membership)


def test_a75_a_user_opens_none_of_it(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    for url in (access(cast.user), access(cast.admin), deletion(cast.admin), reverse("manage-user", args=[cast.admin.membership.pk])):
        assert browser.get(url).status_code == 403
        assert browser.post(url, {"rights": ["entries.make"]}).status_code == 403


def test_man2_delete_asks_and_names_what_goes(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).get(deletion(cast.user)).content.decode()
    assert "Are you sure you want to delete this user?" in page
    assert "Lowri Price" in page
    assert 'class="button danger">Delete User' in page
    assert User.objects.filter(pk=cast.user.user.pk).exists()


def test_man2_delete_ends_everything_at_once(cast: Cast, signed_in: SignIn, post: Post) -> None:
    theirs, ours = signed_in(cast.user), signed_in(cast.admin)
    key = cast.user.user.pk
    Code.objects.create(user=cast.user.user, purpose="reset", browser="x", expires_at=clock.now(), tries_left=5)
    answer = ours.post(deletion(cast.user), follow=True)
    assert "User deleted: Lowri Price" in answer.content.decode()
    assert theirs.get(reverse("home")).status_code == 302
    for rows in (
        User.objects.filter(pk=key), Membership.objects.filter(user=key), Session.objects.filter(user=key), Factor.objects.filter(user=key),
        Code.objects.filter(user=key), Grant.objects.filter(membership__user=key),
    ):  # fmt: skip
        assert not rows.exists()
    event = AuditEvent.objects.get(number=Event.PERSON_DELETED.number)
    assert (event.subject_id, event.actor_id, event.subject_name) == (str(key), str(cast.admin.user.pk), "Lowri Price")
    letter = post()[-1]
    assert letter.to == ["user@glan.example"]
    assert "has been deleted" in letter.subject
    assert "sign-in" not in str(letter.body)


def test_man2_the_same_address_starts_clean(cast: Cast, post: Post) -> None:
    key = cast.user.user.pk
    delete_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    again = invite(cast.exams_officer, "user@glan.example")
    assert again.password_hash != ""
    assert any(re.search(r"\b[a-z2-9]{4}(?:-[a-z2-9]{4}){3}\b", str(letter.body)) for letter in post())
    assert not User.objects.filter(pk=key).exists()


def test_man2_a_person_of_two_centres_keeps_the_other(cast: Cast, post: Post) -> None:
    place = open_membership(centre=cast.other_centre, role=Role.USER)
    accept(membership=place, user=cast.user.user)
    delete_member(actor=cast.exams_officer.user, membership=Membership.objects.get(user=cast.user.user, centre=cast.centre))
    assert User.objects.filter(pk=cast.user.user.pk).exists()
    assert Factor.objects.filter(user=cast.user.user).exists()
    assert "other centres stays" in str(post()[-1].body)


def test_inv7_an_invite_elsewhere_outlives_the_account_it_relied_on(cast: Cast, post: Post) -> None:
    elsewhere = invite(cast.other_exams_officer, "user@glan.example")
    assert elsewhere.password_hash == ""
    delete_member(actor=cast.exams_officer.user, membership=cast.user.membership)
    elsewhere.refresh_from_db()
    assert elsewhere.password_hash != ""
    assert any(letter.to == ["user@glan.example"] and "temporary password" in str(letter.body).lower() for letter in post())


def test_a60_invites_of_a_deleted_inviter_stop_until_sent_again(cast: Cast) -> None:
    waiting = invite(cast.admin, "elin@glan.example")
    delete_member(actor=cast.exams_officer.user, membership=cast.admin.membership)
    waiting.refresh_from_db()
    assert standings([waiting])[waiting.pk].state is InviteState.STOPPED


def test_man2_an_admin_deletes_an_admin_and_frees_the_seat(cast: Cast, signed_in: SignIn) -> None:
    second = make_member(cast.centre, Role.ADMIN, "admin2@glan.example")
    signed_in(cast.admin).post(deletion(second))
    assert Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count() == 1


def test_man2_an_exams_officer_is_deleted_by_staff_only(cast: Cast) -> None:
    place = cast.exams_officer.membership
    for actor in (cast.admin, cast.exams_officer, cast.other_exams_officer):
        with pytest.raises(NotYoursToDelete):
            delete_by_staff(actor=actor.user, membership=place)
    delete_by_staff(actor=cast.staff.user, membership=place)
    assert not Membership.objects.filter(centre=cast.centre, role=Role.EXAMS_OFFICER).exists()
    assert not User.objects.filter(email="eo@glan.example").exists()


def test_a78_a_foreign_place_is_not_deleted_through_the_flow(cast: Cast) -> None:
    for actor in (cast.exams_officer, cast.staff, cast.user):
        with pytest.raises(NotYoursToDelete):
            delete_member(actor=actor.user, membership=cast.other_exams_officer.membership)


def test_delete_of_an_invite_is_withdrawing_it(cast: Cast, signed_in: SignIn) -> None:
    pk = invite(cast.admin, "elin@glan.example").membership_id
    assert signed_in(cast.admin).get(reverse("delete-user", args=[pk]))["Location"] == reverse("invite-withdraw", args=[pk])


def test_man2_delete_by_get_changes_nothing(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.admin).get(deletion(cast.user))
    assert User.objects.filter(pk=cast.user.user.pk).exists()
    assert not Invitation.objects.exists()


def test_role_end_dates_that_differ_stay_unless_the_date_is_changed(cast: Cast, signed_in: SignIn) -> None:
    browser, place = signed_in(cast.admin), cast.user.membership
    first, second = (clock.london(clock.now()) + timedelta(days=9)).date(), (clock.london(clock.now()) + timedelta(days=12)).date()
    Grant.objects.create(membership=place, service="entries", level="view", ends_on=first)
    Grant.objects.create(membership=place, service="view_scripts", level="view", ends_on=second)
    page = browser.get(access(cast.user)).content.decode()
    assert f'datetime="{first.isoformat()}"' in page
    assert f'datetime="{second.isoformat()}"' in page
    browser.post(access(cast.user), {"rights": ["entries.view", "view_scripts.view", "iamis.enter_marks"], "ends_on": ""})
    ends = dict(Grant.objects.filter(membership=place).values_list("service", "ends_on"))
    assert ends == {"entries": first, "view_scripts": second, "iamis": None, "resources": None}
