"""HELP-1 in part: the help desk's admin finds and helps, through flows, and reads no secret."""

from collections.abc import Callable

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.invites.details import Details
from accounts.invites.flow import invite_exams_officer
from accounts.models import Factor, Invitation, Session, User
from permissions.models import Membership
from permissions.roles import Role
from portal.audit.models import AuditEvent
from tests.cast import Cast, Person, invite, make_centre, make_person

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
WHY = {"reason": "They rang."}
FORM = {"first_name": "Mair", "last_name": "Rees", "email": "mair@newydd.example", "language": "cy"}


def act(person: Person, name: str) -> str:
    return reverse("admin:person-act", args=[person.user.pk, name])


def events(event: Event) -> int:
    return AuditEvent.objects.filter(number=event.number).count()


def test_inv2_staff_invite_an_exams_officer_from_the_centres_page(cast: Cast, signed_in: SignIn, post: Post) -> None:
    centre = make_centre("68003", "Ysgol Newydd")
    browser = signed_in(cast.staff)
    url = reverse("admin-invite-exams-officer", args=[centre.pk])
    assert url in browser.get(reverse("admin:permissions_centre_change", args=[centre.pk])).content.decode()
    assert browser.post(url, FORM).status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.role, invitation.centre, invitation.invited_by) == (Role.EXAMS_OFFICER, centre, cast.staff.user)
    assert post()[-1].to == ["mair@newydd.example"]
    page = browser.post(url, FORM | {"email": "other@newydd.example"}).content.decode()
    assert "This centre already has an Exams Officer" in page


@pytest.mark.parametrize(("field", "value"), [("first_name", ""), ("last_name", "evil.example"), ("email", "x"), ("language", "fr")])
def test_inv2_bad_input_on_the_help_desks_form_sends_nothing(cast: Cast, signed_in: SignIn, field: str, value: str) -> None:
    centre = make_centre("68003", "Ysgol Newydd")
    page = signed_in(cast.staff).post(reverse("admin-invite-exams-officer", args=[centre.pk]), FORM | {field: value})
    assert "There is a problem" in page.content.decode()
    assert not Invitation.objects.exists()


def test_help1_an_exams_officers_invite_is_resent_corrected_and_withdrawn_by_staff(cast: Cast, signed_in: SignIn) -> None:
    centre = make_centre("68003", "Ysgol Newydd")
    invitation = invite_exams_officer(
        actor=cast.staff.user, centre=centre, details=Details(email="mair@newydd.example", first_name="Mair", last_name="Rees")
    )
    browser = signed_in(cast.staff)
    page = browser.get(reverse("admin:accounts_invitation_change", args=[invitation.pk])).content.decode()
    for name in ("resend", "correct", "withdraw"):
        assert reverse(f"admin:invitation-{name}", args=[invitation.pk]) in page
    assert "argon2" not in page
    assert browser.get(reverse("admin:invitation-resend", args=[invitation.pk])).status_code == 200
    assert events(Event.INVITE_RESENT) == 0
    browser.post(reverse("admin:invitation-resend", args=[invitation.pk]))
    assert events(Event.INVITE_RESENT) == 1
    browser.post(reverse("admin:invitation-correct", args=[invitation.pk]), {"email": "right@newydd.example"})
    invitation.refresh_from_db()
    assert invitation.email == "right@newydd.example"
    browser.post(reverse("admin:invitation-withdraw", args=[invitation.pk]))
    assert not Membership.objects.filter(centre=centre).exists()
    assert browser.post(reverse("admin:invitation-withdraw", args=[invitation.pk])).status_code == 404


def test_inv2_staff_do_not_handle_the_invites_of_a_centres_own_people(cast: Cast, signed_in: SignIn) -> None:
    invitation = invite(cast.admin, "elin@glan.example")
    browser = signed_in(cast.staff)
    for name in ("resend", "correct", "withdraw"):
        assert browser.post(reverse(f"admin:invitation-{name}", args=[invitation.pk])).status_code == 404


@pytest.mark.parametrize("asked", ["Lowri", "user@glan", "68001"])
def test_help1_people_are_found_by_name_address_and_centre_number(cast: Cast, signed_in: SignIn, asked: str) -> None:
    page = signed_in(cast.staff).post(reverse("admin:accounts_user_changelist"), {"q": asked}, follow=True).content.decode()
    assert "user@glan.example" in page
    assert "eo@cwm.example" not in page


def test_help1_a_persons_page_shows_states_and_no_secret(cast: Cast, signed_in: SignIn, post: Post) -> None:
    invite(cast.other_exams_officer, "user@glan.example")
    post()
    browser = signed_in(cast.staff)
    url = reverse("admin:accounts_user_change", args=[cast.user.user.pk])
    page = browser.get(url).content.decode()
    for shown in ("68001", "Authenticator App", "Another centre has invited you to Portal", "Suspend", "End all sessions"):
        assert shown in page
    assert cast.user.seed not in page
    assert "argon2" not in page
    assert 'name="password"' not in page
    browser.post(url, {"email": "mine@board.example", "is_staff": "on", "is_superuser": "on", "password": "x"})
    person = User.objects.get(pk=cast.user.user.pk)
    assert (person.email, person.is_staff, person.is_superuser) == ("user@glan.example", False, False)


def test_help1_suspending_asks_first_then_ends_the_sessions(cast: Cast, signed_in: SignIn) -> None:
    theirs, browser = signed_in(cast.user), signed_in(cast.staff)
    assert browser.get(act(cast.user, "suspend")).status_code == 200
    assert User.objects.get(pk=cast.user.user.pk).is_active
    browser.post(act(cast.user, "suspend"), WHY)
    assert not User.objects.get(pk=cast.user.user.pk).is_active
    assert theirs.get(reverse("home")).status_code == 302
    assert not Session.objects.filter(user=cast.user.user).exists()
    browser.post(act(cast.user, "suspend"), WHY)
    assert events(Event.PERSON_SUSPENDED) == 1
    browser.post(act(cast.user, "restore"), WHY)
    assert User.objects.get(pk=cast.user.user.pk).is_active


def test_help1_ending_sessions_leaves_the_account(cast: Cast, signed_in: SignIn) -> None:
    theirs = signed_in(cast.user)
    signed_in(cast.staff).post(act(cast.user, "sign-out"), WHY)
    assert theirs.get(reverse("home")).status_code == 302
    assert User.objects.get(pk=cast.user.user.pk).is_active
    assert events(Event.SESSIONS_ENDED) == 1


def test_a81_staff_do_not_suspend_themselves(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.staff).post(act(cast.staff, "suspend"), WHY)
    assert User.objects.get(pk=cast.staff.user.pk).is_active


def test_man2_staff_delete_an_exams_officer(cast: Cast, signed_in: SignIn) -> None:
    browser, url = signed_in(cast.staff), reverse("admin:person-delete-account", args=[cast.exams_officer.membership.pk])
    assert "Nia Jones" in browser.get(url).content.decode()
    assert User.objects.filter(email="eo@glan.example").exists()
    assert "Enter a reason" in browser.post(url).content.decode()
    assert User.objects.filter(email="eo@glan.example").exists()
    browser.post(url, WHY)
    assert not User.objects.filter(email="eo@glan.example").exists()
    assert AuditEvent.objects.get(number=Event.PERSON_DELETED.number).detail["reason"] == "They rang."
    assert events(Event.PERSON_DELETED) == 1


def test_a133_staff_without_rights_only_look_and_others_do_not_even_that(cast: Cast, signed_in: SignIn) -> None:
    clerk = make_person("clerk@board.example", is_staff=True)
    browser = signed_in(clerk)
    invitation = invite_exams_officer(
        actor=cast.staff.user, centre=make_centre("68003", "Y"), details=Details(email="m@n.example", first_name="M", last_name="N")
    )
    urls = [
        act(cast.user, "suspend"),
        reverse("admin:person-delete-account", args=[cast.user.membership.pk]),
        reverse("admin:invitation-withdraw", args=[invitation.pk]),
        reverse("admin-invite-exams-officer", args=[cast.centre.pk]),
    ]
    for url in urls:
        assert browser.post(url).status_code == 403, url
    for person in (cast.exams_officer, cast.admin, cast.user):
        stranger = signed_in(person)
        for url in urls:
            assert stranger.post(url).status_code in {302, 403}, url
    assert User.objects.get(pk=cast.user.user.pk).is_active
    assert not Invitation.objects.get(pk=invitation.pk).withdrawn_at


def test_a131_staff_without_a_proved_app_find_no_admin(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.staff)
    session = browser.session
    session["proved_method"] = "email"
    session.save()
    assert browser.get(act(cast.user, "suspend")).status_code == 302
    browser.post(act(cast.user, "suspend"), WHY)
    assert User.objects.get(pk=cast.user.user.pk).is_active


def test_help1_the_lists_of_invites_and_messages_show_states(cast: Cast, signed_in: SignIn, post: Post) -> None:
    invite(cast.admin, "elin@glan.example")
    post()
    browser = signed_in(cast.staff)
    assert "Sent" in browser.get(reverse("admin:accounts_invitation_changelist")).content.decode()
    assert Factor.objects.filter(user=cast.staff.user, method="app").exists()
