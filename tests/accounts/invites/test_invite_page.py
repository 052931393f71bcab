"""INV-1: one page, a check of what will be sent, "Send invite"; through requests."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.mail import EmailMultiAlternatives
from django.test import Client
from django.urls import reverse

from accounts.invites.flow import withdraw
from accounts.models import Invitation
from permissions.levels import Level, Service
from permissions.models import Grant, Membership
from permissions.policy import default_rights
from permissions.roles import Role
from portal import clock
from portal.outbox.models import Message
from tests.cast import Cast, Person, invite, make_member, make_person, temporary_password_in

SignIn = Callable[[Person], Client]
Post = Callable[[], list[EmailMultiAlternatives]]
FORM: dict[str, object] = {
    "title": "Ms",
    "first_name": "Elin",
    "last_name": "Wyn",
    "email": "Elin.Wyn@Glan.example",
    "job_role": "Teacher of Art",
    "language": "cy",
    "role": "user",
    "rights_user": ["entries.view"],
    "rights_admin": ["results.view_embargoed"],
}


def rights_of(invitation: Invitation) -> set[tuple[str, str]]:
    return set(Grant.objects.filter(membership=invitation.membership).values_list("service", "level"))


def test_inv1_next_shows_what_will_be_sent_and_sends_nothing(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-user"), FORM).content.decode()
    for shown in ("Check the details", "Elin", "elin.wyn@glan.example", "User account", "View Entries", "Send invite", "Cymraeg"):
        assert shown in page
    assert "View Results under embargo" not in page
    assert not Invitation.objects.exists()


def test_inv1_change_comes_back_with_everything_kept(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-user"), FORM | {"change": "1"}).content.decode()
    assert 'value="Elin.Wyn@Glan.example"' in page
    assert re.search(r'value="entries.view"[^>]*checked', page)


def test_inv1_send_invite_takes_the_place_and_writes_to_the_person(cast: Cast, signed_in: SignIn, post: Post) -> None:
    browser = signed_in(cast.exams_officer)
    answer = browser.post(reverse("invite-check"), FORM, follow=True)
    page = answer.content.decode()
    assert "Invite sent: Elin Wyn" in page
    assert "Invite expires on" in page
    invitation = Invitation.objects.get()
    assert invitation.email == "elin.wyn@glan.example"
    assert rights_of(invitation) == {("entries", "view"), ("resources", "view")}
    assert invitation.expires_at == clock.add_months(invitation.sent_at, 2)
    letter = post()[-1]
    assert letter.to == ["elin.wyn@glan.example"]
    assert letter.subject.count(" / ") == 1
    for part in (str(letter.body), str(letter.alternatives[0][0])):
        assert part.count(temporary_password_in(part)) == 2
        assert "Nia Jones" in part
        assert "68001" in part
        assert "portal@wjec.co.uk" in part
    secret = temporary_password_in(str(letter.body))
    assert secret not in letter.subject
    assert not any(secret in link for link in re.findall(r"https?://\S+", str(letter.body)))


def test_inv3_the_temporary_password_is_kept_as_a_hash_and_wiped_from_the_outbox(cast: Cast, post: Post) -> None:
    invitation = invite(cast.exams_officer, "elin@glan.example")
    secret = temporary_password_in(str(post()[-1].body))
    assert invitation.password_hash.startswith("argon2")
    assert secret.replace("-", "") not in invitation.password_hash
    assert Message.objects.get(kind="invite").secret == ""


def test_inv1_an_admin_gets_the_defaults_without_the_embargo_if_it_was_unticked(cast: Cast, signed_in: SignIn) -> None:
    form = {key: value for key, value in FORM.items() if key != "rights_admin"} | {"role": "admin"}
    signed_in(cast.exams_officer).post(reverse("invite-check"), form)
    expected = default_rights(Role.ADMIN) - {(Service.RESULTS, Level.VIEW_EMBARGOED)}
    assert rights_of(Invitation.objects.get()) == set(expected)


@pytest.mark.parametrize("right", ["a2c_keys.manage", "entries.make", "results.view_embargoed", "nonsense"])
def test_a76_a_right_no_user_may_have_cannot_be_posted(cast: Cast, signed_in: SignIn, right: str) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"rights_user": [right]}).content.decode()
    assert "There is a problem" in page
    assert not Invitation.objects.exists()


def test_a76_an_admin_without_the_embargo_cannot_give_it(cast: Cast, signed_in: SignIn) -> None:
    Grant.objects.filter(membership=cast.admin.membership, level=Level.VIEW_EMBARGOED).delete()
    browser = signed_in(cast.admin)
    assert "You do not have this access yourself" in browser.get(reverse("invite-user")).content.decode()
    browser.post(reverse("invite-check"), FORM | {"role": "admin"})
    assert not Invitation.objects.exists()
    browser.post(reverse("invite-check"), FORM | {"role": "admin", "rights_admin": []})
    assert ("results", "view_embargoed") not in rights_of(Invitation.objects.get())


@pytest.mark.parametrize("role", ["exams_officer", "staff", ""])
def test_inv2_only_admins_and_users_are_invited_here(cast: Cast, signed_in: SignIn, role: str) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"role": role}).content.decode()
    assert "Select an account type" in page
    assert not Invitation.objects.exists()


def test_inv2_a_user_invites_nobody(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.user)
    for name in ("manage-users", "invite-user", "invite-check"):
        assert browser.get(reverse(name)).status_code == 403
        assert browser.post(reverse(name), FORM).status_code == 403
    assert not Invitation.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("first_name", "", "Enter a first name"),
        ("last_name", "", "Enter a last name"),
        ("email", "", "Enter an email address"),
        ("email", "nobody@localhost", "correct format"),
        ("email", "el\u0456n@glan.example", "correct format"),
        ("first_name", "evil.example", "Remove the web address"),
        ("job_role", "www.evil.example", "Remove the web address"),
        ("ends_on", "soon", "Enter a valid date"),
    ],
)
def test_inv1_bad_input_is_said_beside_the_field_and_nothing_is_sent(
    cast: Cast, signed_in: SignIn, field: str, value: str, message: str
) -> None:
    for name in ("invite-user", "invite-check"):
        page = signed_in(cast.exams_officer).post(reverse(name), FORM | {field: value}).content.decode()
        assert message in page
        assert "<title>Error:" in page
        assert "Wyn" in page or field == "last_name"
    assert not Invitation.objects.exists()
    assert not Message.objects.filter(kind="invite").exists()


def test_inv2_a_fourth_admin_is_refused_with_the_reason(cast: Cast, signed_in: SignIn) -> None:
    for number in (2, 3):
        invite(cast.exams_officer, f"admin{number}@glan.example", role=Role.ADMIN)
    browser = signed_in(cast.exams_officer)
    assert "3 of 3 Admin accounts used" in browser.get(reverse("invite-user")).content.decode()
    page = browser.post(reverse("invite-check"), FORM | {"role": "admin"}).content.decode()
    assert "All 3 Admin accounts are in use" in page
    assert "Delete an Admin account or withdraw" in page
    assert Membership.objects.filter(centre=cast.centre, role=Role.ADMIN).count() == 3


def test_inv5_an_address_with_an_open_invite_is_offered_a_resend(cast: Cast, signed_in: SignIn) -> None:
    waiting = invite(cast.admin, "elin.wyn@glan.example")
    page = signed_in(cast.exams_officer).post(reverse("invite-check"), FORM).content.decode()
    assert "There is already an invite for this email address" in page
    assert reverse("invite-resend", args=[waiting.membership_id]) in page
    assert Invitation.objects.count() == 1


def test_inv1_a_second_press_sends_nothing_more(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.exams_officer)
    for _press in range(2):
        assert browser.post(reverse("invite-check"), FORM).status_code == 302
    assert Invitation.objects.count() == 1
    assert Message.objects.filter(kind="invite").count() == 1


@pytest.mark.parametrize(
    "other",
    [
        {"role": "admin"},
        {"first_name": "Nia"},
        {"language": "en"},
        {"rights_user": []},
        {"ends_on": "2099-07-31"},
    ],
)
def test_inv1_another_invite_to_the_same_address_is_no_second_press(cast: Cast, signed_in: SignIn, other: dict[str, object]) -> None:
    browser = signed_in(cast.exams_officer)
    assert browser.post(reverse("invite-check"), FORM).status_code == 302
    answer = browser.post(reverse("invite-check"), FORM | other)
    assert answer.status_code == 200
    assert "There is already an invite for this email address" in answer.content.decode()
    assert Message.objects.filter(kind="invite").count() == 1


def test_inv1_somebody_of_this_centre_is_not_invited_again(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"email": "USER@glan.example"}).content.decode()
    assert "A user with this email address already exists" in page
    assert not Invitation.objects.exists()


def test_inv7_the_inviter_cannot_tell_whether_the_address_has_an_account(cast: Cast, signed_in: SignIn, post: Post) -> None:
    make_person("known@elsewhere.example", language="cy")
    browser = signed_in(cast.exams_officer)
    pages = []
    for email in ("known@elsewhere.example", "fresh@elsewhere.example"):
        answer = browser.post(reverse("invite-check"), FORM | {"email": email}, follow=True)
        invitation = Invitation.objects.get(email=email)
        person = browser.get(reverse("manage-user", args=[invitation.membership_id])).content.decode()
        page = answer.content.decode() + person
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page).replace(email, "EMAIL"))
        withdraw(actor=cast.exams_officer.user, invitation=invitation)
    pages = [re.sub(r'nonce="[^"]+"', "", page) for page in pages]
    clean = [re.sub(r"[0-9a-f-]{36}", "ID", re.sub(r"T\d\d:\d\d:\d\d[^\"]*|\d\d:\d\d", "", page)) for page in pages]
    assert clean[0] == clean[1]
    kinds = list(Message.objects.filter(kind__in=("invite", "invite_existing")).values_list("recipient", "kind", "language"))
    assert sorted(kinds) == [("fresh@elsewhere.example", "invite", "both-cy"), ("known@elsewhere.example", "invite_existing", "cy")]


def test_inv7_an_existing_person_gets_no_temporary_password(cast: Cast, post: Post) -> None:
    make_member(cast.other_centre, Role.USER, "known@cwm.example")
    invitation = invite(cast.exams_officer, "known@cwm.example")
    letter = post()[-1]
    assert invitation.password_hash == ""
    assert "You already have a Portal account" in str(letter.body)
    assert not re.search(r"[a-z2-9]{4}(-[a-z2-9]{4}){3}", str(letter.body))


def test_inv1_the_last_day_of_access_is_kept_with_the_grants(cast: Cast, signed_in: SignIn) -> None:
    day = (clock.london(clock.now()) + timedelta(days=30)).date()
    signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"ends_on": day.isoformat()})
    assert Grant.objects.get(membership=Invitation.objects.get().membership, service="entries").ends_on == day


def test_inv1_a_past_last_day_is_refused_beside_its_field(cast: Cast, signed_in: SignIn) -> None:
    page = signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"ends_on": "2020-01-01"}).content.decode()
    assert "The end date must be today or later" in page
    assert not Invitation.objects.exists()


def test_a65_repeated_addresses_reach_one_recipient(cast: Cast, signed_in: SignIn) -> None:
    signed_in(cast.exams_officer).post(reverse("invite-check"), FORM | {"email": ["one@glan.example", "two@glan.example"]})
    assert list(Message.objects.filter(kind="invite").values_list("recipient", flat=True)) == ["two@glan.example"]


def test_inv1_the_check_page_by_get_goes_back_to_the_form(cast: Cast, signed_in: SignIn) -> None:
    assert signed_in(cast.exams_officer).get(reverse("invite-check"))["Location"] == reverse("invite-user")


def test_a80_a_role_lowered_while_the_form_was_open_is_refused(cast: Cast, signed_in: SignIn) -> None:
    browser = signed_in(cast.admin)
    browser.get(reverse("invite-user"))
    Membership.objects.filter(user=cast.admin.user).update(role=Role.USER, seat=None)
    assert browser.post(reverse("invite-check"), FORM).status_code == 403
    assert not Invitation.objects.exists()
