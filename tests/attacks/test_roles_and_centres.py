"""F: roles, grants, centres, from outside (A71-A86)."""

from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse

from accounts.events import Event
from accounts.helpdesk.flow import suspend
from accounts.models import Factor, Invitation, User
from permissions.centre_mark import FIELD
from permissions.centres.flow import freeze, reactivate
from permissions.events import Event as CentreEvent
from permissions.models import Grant, Membership
from permissions.roles import Role
from portal.audit.models import AuditEvent
from tests.attacks.knocking import Post, events, is_outside, knock, secret_of
from tests.attacks.test_invites import FORM, OWN, set_password
from tests.cast import Cast, Person, invite, let_in, make_member, make_person


def admins(cast: Cast) -> int:
    return Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count()


def test_a71_there_is_no_door_for_a_fourth_admin(cast: Cast, post: Post) -> None:
    """Invite, late acceptance, a frozen centre's return, the help desk, and the database itself, whoever asks."""
    waiting = invite(cast.exams_officer, "elin@glan.example", role=Role.ADMIN)
    temporary = secret_of(post, "elin@glan.example")
    make_member(cast.centre, Role.ADMIN, "third@glan.example")
    browser = let_in(cast.exams_officer)
    for fields in ({"email": "x@glan.example", "role": "admin"}, {"email": "y@glan.example", "role": ["user", "admin"]}):
        page = browser.post(reverse("invite-check"), {**FORM, **fields}).content.decode()
        assert "All 3 Admin accounts are in use" in page
    for deed in (
        lambda: Membership.objects.create(centre=cast.centre, role=Role.ADMIN, seat=1),
        lambda: Membership.objects.create(centre=cast.centre, role=Role.ADMIN, seat=4),
        lambda: Membership.objects.create(centre=cast.centre, role=Role.ADMIN, seat=None),
        lambda: Membership.objects.filter(pk=cast.user.membership.pk).update(role=Role.ADMIN, seat=2),
        lambda: Membership.objects.filter(pk=cast.user.membership.pk).update(role=Role.ADMIN),
        lambda: Membership.objects.filter(pk=cast.other_exams_officer.membership.pk).update(centre=cast.centre, role=Role.ADMIN, seat=3),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            deed()
    freeze(actor=cast.staff.user, centre=cast.centre)
    reactivate(actor=cast.staff.user, centre=cast.centre)
    # The seat of an invite that was taken back went to somebody else: its page that is still open makes no Admin.
    late, _answer = knock("elin@glan.example", temporary)
    browser.post(reverse("invite-withdraw", args=[waiting.membership_id]))
    invite(cast.exams_officer, "fourth@glan.example", role=Role.ADMIN)
    set_password(late)
    assert admins(cast) == 3
    assert not User.objects.filter(email="elin@glan.example").exists()


def test_a73_an_admin_gets_at_an_exams_officer_by_no_address_hidden_field_or_list(cast: Cast) -> None:
    browser, officer, user = let_in(cast.admin), cast.exams_officer.membership, cast.user.membership
    deleted, changed = reverse("delete-user", args=[officer.pk]), reverse("manage-access", args=[officer.pk])
    tricks = {"pk": str(officer.pk), "id": str(officer.pk), "membership": [str(officer.pk)], "user": str(officer.user_id), "role": "user"}
    for address in (deleted, changed, reverse("reset-mfa", args=[officer.pk])):
        assert browser.post(address, {**tricks, "rights": []}).status_code == 403, address
    # What stands in the form beside somebody else's address changes nobody else.
    browser.post(reverse("manage-access", args=[user.pk]), {**tricks, "rights": []})
    browser.post(reverse("manage-users"), {**tricks, "action": "delete_selected", "_selected_action": [str(officer.pk)]})
    browser.post(reverse("delete-user", args=[user.pk]), tricks)
    again = Membership.objects.get(pk=officer.pk)
    assert (again.role, again.user_id) == (Role.EXAMS_OFFICER, cast.exams_officer.user.pk)
    assert again.grants.count() == officer.grants.count() > 0
    assert Factor.objects.filter(user=cast.exams_officer.user).exists()
    deleted_people = AuditEvent.objects.filter(number=Event.PERSON_DELETED.number).values_list("subject_id", flat=True)
    assert list(deleted_people) == [str(cast.user.user.pk)]


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_a75_a_user_grants_itself_nothing(cast: Cast, method: str) -> None:
    browser, place = let_in(cast.user), cast.user.membership
    before = set(place.grants.values_list("service", "level"))
    fields = "rights=a2c_keys-manage&rights_admin=a2c_keys-manage&form-0-rights=x&role=admin&is_staff=1&is_superuser=1&membership="
    for name, arguments in (("manage-access", [place.pk]), ("delete-user", [cast.admin.membership.pk]), ("profile-edit", []), ("home", [])):
        answer = browser.generic(
            method,
            f"{reverse(name, args=arguments)}?{fields}",
            (fields + str(cast.admin.membership.pk)).encode(),
            content_type="application/x-www-form-urlencoded",
            headers={"X-HTTP-Method-Override": "PUT", "X-Original-URL": "/manage-users/", "X-Rewrite-URL": "/manage-users/"},
        )
        assert answer.status_code in {200, 403, 405}, (name, answer.status_code)
        assert b"Apply filters" not in answer.content
    person = User.objects.get(pk=cast.user.user.pk)
    assert (person.is_staff, person.is_superuser) == (False, False)
    assert Membership.objects.get(pk=place.pk).role == Role.USER
    assert set(place.grants.values_list("service", "level")) == before
    assert events(CentreEvent.ACCESS_CHANGED) == 0


def two_centres(cast: Cast) -> Person:
    """An Admin at the first centre who is a User at the second."""
    person = make_member(cast.centre, Role.ADMIN, "both@glan.example")
    place = Membership.objects.create(centre=cast.other_centre, role=Role.USER)
    Membership.objects.filter(pk=place.pk).update(user=person.user, accepted_at=cast.admin.membership.accepted_at)
    return person


def test_a78_the_centre_comes_from_the_place_and_not_from_what_is_sent(cast: Cast) -> None:
    browser = let_in(cast.admin)
    fields = {**FORM, "email": "elin@glan.example", "centre": "68002", "centre_number": "68002", "centre_id": cast.other_centre.pk}
    address = f"{reverse('invite-check')}?centre=68002&membership={cast.other_exams_officer.membership.pk}"
    browser.post(address, fields, headers={"X-Centre": "68002", "Cookie": f"membership={cast.other_exams_officer.membership.pk}"})
    browser.post(address, fields, headers={"X-Centre": "68002"})
    assert [invitation.centre for invitation in Invitation.objects.all()] == [cast.centre]


def test_a78_a_second_tab_acts_for_the_centre_that_is_chosen_now(cast: Cast) -> None:
    person = two_centres(cast)
    places = {place.centre_id: place for place in Membership.objects.filter(user=person.user)}
    browser = let_in(person)
    browser.post(reverse("choose-centre"), {"membership": str(places[cast.centre.pk].pk)})
    page = reverse("delete-user", args=[cast.user.membership.pk])
    assert browser.get(page).status_code == 200
    browser.post(reverse("choose-centre"), {"membership": str(places[cast.other_centre.pk].pk)})
    assert browser.post(page).status_code == 409, "it was opened for another centre"
    forged = {FIELD: str(places[cast.other_centre.pk].pk)}
    assert browser.post(page, forged).status_code == 403, "and the centre chosen now is the one that counts"
    browser.post(reverse("choose-centre"), {"membership": str(cast.exams_officer.membership.pk)})
    assert browser.post(page, forged).status_code == 403, "somebody else's place is not chosen"
    assert Membership.objects.filter(pk=cast.user.membership.pk).exists()


def _lower(cast: Cast) -> None:
    Membership.objects.filter(pk=cast.admin.membership.pk).update(role=Role.USER, seat=None)


def _close(cast: Cast) -> None:
    cast.admin.membership.delete()


def _freeze(cast: Cast) -> None:
    freeze(actor=cast.staff.user, centre=cast.centre)


def _suspend(cast: Cast) -> None:
    suspend(actor=cast.staff.user, person=cast.admin.user)


@pytest.mark.parametrize("deed", [_lower, _close, _freeze, _suspend])
def test_a80_whoever_lost_the_right_while_a_form_was_open_is_refused(cast: Cast, deed: Callable[[Cast], None]) -> None:
    browser, target = let_in(cast.admin), cast.user.membership
    pages = [reverse(name, args=[target.pk]) for name in ("manage-access", "delete-user")]
    assert [browser.get(page).status_code for page in pages] == [200, 200]
    deed(cast)
    for page in (*pages, reverse("invite-check"), reverse("manage-users")):
        answer = browser.post(page, {**FORM, "email": "x@glan.example", "rights": []})
        assert answer.status_code == 403 or answer["Location"].startswith(reverse("sign-in"))
    assert Membership.objects.filter(pk=target.pk).exists()
    assert (events(Event.PERSON_DELETED), events(Event.INVITED), Invitation.objects.count()) == (0, 0, 0)


def test_a80_a_right_that_was_taken_is_gone_with_the_next_request(cast: Cast) -> None:
    browser = let_in(cast.admin)
    assert browser.get(reverse("a2c-keys")).status_code == 200
    Grant.objects.filter(membership=cast.admin.membership).delete()
    assert browser.get(reverse("a2c-keys")).status_code == 403


def test_a81_a_superuser_falls_to_no_lesser_member_of_staff(cast: Cast) -> None:
    from django.contrib.auth.models import Permission

    clerk = make_person("clerk@board.example", is_staff=True)
    clerk.user.user_permissions.set(Permission.objects.filter(codename__in=("suspend_user", "view_user")))
    browser = let_in(clerk)
    for person in (cast.staff, clerk):
        browser.post(reverse("admin:person-act", args=[person.user.pk, "suspend"]), {"reason": "x"})
    assert User.objects.filter(is_superuser=True, is_active=True).count() == 1
    assert User.objects.get(pk=clerk.user.pk).is_active
    assert events(Event.PERSON_SUSPENDED) == 0
    browser.post(reverse("admin:person-act", args=[cast.user.user.pk, "suspend"]), {"reason": "x"})
    assert events(Event.PERSON_SUSPENDED) == 1


def test_a81_of_two_superusers_who_suspend_each_other_one_is_left(cast: Cast) -> None:
    second = make_person("second@board.example", is_staff=True, is_superuser=True)
    assert suspend(actor=cast.staff.user, person=second.user)
    assert not suspend(actor=second.user, person=cast.staff.user)
    assert User.objects.filter(is_superuser=True, is_active=True).get() == cast.staff.user


def test_a81_an_exams_officer_leaves_no_centre_without_one(cast: Cast) -> None:
    browser, place = let_in(cast.exams_officer), cast.exams_officer.membership
    for name in ("delete-user", "manage-access", "reset-mfa"):
        assert browser.post(reverse(name, args=[place.pk]), {"rights": [], "role": "user"}).status_code == 403, name
    assert Membership.objects.filter(centre=cast.centre, role=Role.EXAMS_OFFICER, user=cast.exams_officer.user).exists()


def test_a83_only_the_six_fields_of_a_profile_change(cast: Cast) -> None:
    browser, person = let_in(cast.user), cast.user.user
    before = User.objects.filter(pk=person.pk).values().get()
    more = {
        "email": "eo@glan.example", "role": "admin", "centre": "68002", "is_staff": "on", "is_superuser": "on", "is_active": "", "password": OWN,
        "held_until": "", "frozen_at": "2026-01-01", "id": str(cast.admin.user.pk), "pk": str(cast.admin.user.pk), "user": str(cast.admin.user.pk),
        "language_chosen_at": "2000-01-01", "phone_verified": "on", "number": "+447700900999", "last_login": "2000-01-01", "notices": "off",
    }  # fmt: skip
    fields = {
        "title": "Dr",
        "first_name": "Lowri",
        "last_name": "Price-Jones",
        "job_role": "Head",
        "language": "cy",
        "phone": "029 2026 5000",
    }
    assert browser.post(reverse("profile-edit"), {**fields, **more}).status_code == 302
    after = User.objects.filter(pk=person.pk).values().get()
    changed = {name for name, value in after.items() if value != dict(before)[name]}
    assert changed <= {"title", "last_name", "job_role", "language", "phone", "language_chosen_at"}
    assert changed >= {"title", "last_name", "phone"}
    assert events(Event.PROFILE_CHANGED) == 1
    assert [factor.number for factor in Factor.objects.filter(user=person)] == [""]


TRICKS = [
    "//manage-users/", "///manage-users/", "/./manage-users/", "/x/../manage-users/", "/%2e/manage-users/", "/help/%2e%2e/manage-users/",
    "/help/..%2fmanage-users/", "/MANAGE-USERS/", "/Manage-Users/", "/manage-users", "/manage-users/.css", "/manage-users.css", "/manage-users/x.js",
    "/manage-users/;a=b", "/manage-users;/", "/manage-users%2f", "/manage-users/%00", "/manage-users/%20", "/manage-users%09/", "/manage-users/?.css",
    "/manage-users/#", "/static/../manage-users/", "/static/%2e%2e/manage-users/", "/static/..%5cmanage-users/", "\\manage-users\\", "/live/../manage-users/",
    "/manage%2dusers/", "/manage%252dusers/", "/manage-users//", "/manage-users/.", "/manage-users/..;/", "/admin/../manage-users/", "//admin/", "/ADMIN/",
    "/admin", "/admin/accounts/user", "/admin//accounts/user/", "/%61dmin/accounts/user/", "/ａdmin/", "/manage-users/\u202e",
]  # fmt: skip


def test_a85_no_spelling_of_a_path_gets_round_the_guard(cast: Cast) -> None:
    for browser in (Client(), let_in(cast.user)):
        for path in TRICKS:
            # The path as a server hands it on: the client's own reading of "//" would make a host of it.
            tricks = {
                "PATH_INFO": unquote(path.partition("?")[0]).encode().decode("latin-1"),
                "HTTP_X_ORIGINAL_URL": "/manage-users/",
                "HTTP_X_REWRITE_URL": "/admin/",
            }
            answer = browser.get("/", **tricks)  # type: ignore[arg-type]
            assert answer.status_code < 500, path
            text = answer.content.decode()
            assert answer.status_code != 200, path
            assert "Apply filters" not in text, path
            assert "eo@glan.example" not in text, path
            if answer.status_code in {301, 302}:
                assert answer["Location"].startswith("/"), path
                assert not answer["Location"].startswith(("//", "/\\")), path


def test_a86_nobody_is_shown_anothers_menu_and_no_answer_may_be_kept(cast: Cast) -> None:
    """Turn by turn in one process: what one role sees never comes back for another."""
    browsers = {"eo": let_in(cast.exams_officer), "user": let_in(cast.user), "nobody": Client(), "staff": let_in(cast.staff)}
    for _turn in range(2):
        for who, browser in browsers.items():
            for name in ("home", "services", "help", "profile"):
                answer = browser.get(reverse(name), headers={"Accept-Language": "en"})
                text = answer.content.decode()
                assert (reverse("manage-users") in text) is (who == "eo" and name != "choose-centre"), (who, name)
                assert ("Lowri Price" in text) <= (who == "user" or (who == "eo" and name == "services")), (who, name)
                assert {"no-store", "private"} <= {word.strip() for word in answer["Cache-Control"].split(",")}, name
                assert "Cookie" in answer["Vary"], name
                assert "ETag" not in answer
                assert "Last-Modified" not in answer


def test_a86_a_path_that_looks_like_a_static_file_is_not_kept_either(cast: Cast) -> None:
    browser = let_in(cast.user)
    for path in ("/profile/x.css", "/profile/avatar.png", f"/profile/{quote('x.js')}", "/static/nothing.css", "/services/.js"):
        answer = browser.get(path)
        assert answer.status_code == 404, path
        assert "no-store" in answer["Cache-Control"], path
    assert is_outside(Client())
